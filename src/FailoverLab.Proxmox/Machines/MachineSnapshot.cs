namespace FailoverLab.Proxmox;

/// <summary>A snapshot of a machine.</summary>
/// <param name="Name">Its name; a letter, then letters, digits, <c>_</c> and <c>-</c>, 2 to 40 in all.</param>
/// <param name="Description">What was said of it.</param>
/// <param name="Parent">The one before it; <see langword="null"/> for the first.</param>
/// <param name="TakenAt">When, the node's clock; <see langword="null"/> where it is not kept.</param>
/// <param name="HasMemory">Whether the memory is in it.</param>
public sealed record MachineSnapshot(string Name, string Description, string? Parent, DateTimeOffset? TakenAt, bool HasMemory);
