namespace FailoverLab.Proxmox;

/// <summary>A task's state now.</summary>
/// <param name="IsRunning">Whether it has not ended.</param>
/// <param name="ExitStatus">How it ended; <see langword="null"/> while it runs.</param>
public sealed record TaskState(bool IsRunning, string? ExitStatus);
