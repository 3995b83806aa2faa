using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>How an endpoint chooses tunnels and carries its data over them.</summary>
public sealed record PolicyConfig
{
    /// <summary>Whether measures decide rather than the order in the file.</summary>
    public bool ByScore { get; init; }

    /// <summary>How the data is carried.</summary>
    public DataMode Mode { get; init; }

    /// <summary>Hold time before reversion.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>By how much a score must be better, 0..1.</summary>
    public double DeadBand { get; init; } = 0.1;

    /// <summary>What keeps a flapping path from being returned to.</summary>
    public FlapDampening Dampening { get; init; } = FlapDampening.Default;

    /// <summary>How long packets are kept to be sent again.</summary>
    public TimeSpan ReplayWindow { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How quiet tunnels may be on which little depends.</summary>
    public KeepalivePacing Pacing { get; init; } = KeepalivePacing.Default;
}
