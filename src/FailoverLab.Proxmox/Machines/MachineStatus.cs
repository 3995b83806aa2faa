namespace FailoverLab.Proxmox;

/// <summary>A machine's state now.</summary>
/// <param name="IsRunning">Whether its process runs.</param>
/// <param name="RunState">QEMU's own word: <c>running</c>, <c>paused</c>, <c>prelaunch</c>; <see langword="null"/> where it does not say.</param>
public sealed record MachineStatus(bool IsRunning, string? RunState)
{
    /// <summary>How long it has run; zero when it does not.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>What locks it; <see langword="null"/> when nothing does.</summary>
    public string? Lock { get; init; }

    /// <summary>Whether its configuration has the guest agent switched on.</summary>
    public bool HasAgent { get; init; }

    /// <summary>Version of its QEMU; <see langword="null"/> when it does not run.</summary>
    public string? Qemu { get; init; }
}
