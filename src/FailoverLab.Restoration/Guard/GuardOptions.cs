using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>How a host is guarded.</summary>
public sealed record GuardOptions
{
    /// <summary>Where a host keeps its part when nothing else is said. Memory, not disk: it goes with a reboot, as the changes do.</summary>
    public const string DefaultRoot = "/run/failoverlab";

    /// <summary>How long the host waits for a sign of life before it undoes everything; renewed every third of it. 0.3 s to 10 min.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the end of the channel undoes at once, without waiting for the lease. Where the channel's process cannot be told, the lease alone counts.</summary>
    public bool UndoesOnChannelEnd { get; init; } = true;

    /// <summary>Absolute path of the directory on the host.</summary>
    public string Root { get; init; } = DefaultRoot;

    /// <summary>Who holds the host, for others to read: <c>user@machine</c>.</summary>
    public string Owner { get; init; } = RunHolder.Me;

    /// <summary>How the host is reached again by <c>recover</c>; the root is filled in.</summary>
    public HostReach Reach { get; init; } = new("local", [], "");
}
