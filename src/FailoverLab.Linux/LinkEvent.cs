namespace FailoverLab.Linux;

/// <summary>State of an interface as the kernel announced it.</summary>
/// <param name="Name">Interface name.</param>
/// <param name="IsUp">Whether it is administratively up.</param>
/// <param name="HasCarrier">Whether the far end is there (IFF_LOWER_UP).</param>
/// <param name="IsGone">Whether it was deleted or left the namespace; the other two are then <see langword="false"/>.</param>
public readonly record struct LinkEvent(string Name, bool IsUp, bool HasCarrier, bool IsGone);
