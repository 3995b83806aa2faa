namespace FailoverLab.Proxmox;

/// <summary>A machine as a node lists it.</summary>
/// <param name="Vmid">Its number, 100 and above.</param>
/// <param name="Name">Its name; empty without one.</param>
/// <param name="IsRunning">Whether its process runs.</param>
public sealed record MachineSummary(int Vmid, string Name, bool IsRunning)
{
    /// <summary>How long it has run; zero when it does not.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>What locks it: <c>backup</c>, <c>snapshot</c>; <see langword="null"/> when nothing does.</summary>
    public string? Lock { get; init; }

    /// <summary>Whether it is a template and cannot run.</summary>
    public bool IsTemplate { get; init; }
}
