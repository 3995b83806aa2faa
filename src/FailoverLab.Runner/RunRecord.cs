using FailoverLab.Hosts;
using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>What a run left behind, before analysis.</summary>
public sealed record RunRecord
{
    /// <summary>Start instant, ns since the Unix epoch.</summary>
    public required long StartNs { get; init; }

    /// <summary>When everything had stopped, ns since the Unix epoch.</summary>
    public required long EndNs { get; init; }

    /// <summary>When the end began: links of hosts are given back from then on, ns since the Unix epoch; <see langword="null"/> = as <see cref="EndNs"/>.</summary>
    public long? StopNs { get; init; }

    /// <summary>Whether the plan was carried through and no place was lost.</summary>
    public required bool RanToEnd { get; init; }

    /// <summary>Whether a person or a signal ended it.</summary>
    public required bool WasInterrupted { get; init; }

    /// <summary>What the captures counted.</summary>
    public required IReadOnlyList<CaptureCount> Captures { get; init; }

    /// <summary>Clocks of hosts that have one of their own, against the reference clock.</summary>
    public IReadOnlyList<HostClock> Clocks { get; init; } = [];

    /// <summary>Addresses of hosts, by which the ends of flows are known.</summary>
    public IReadOnlyList<HostAddress> Addresses { get; init; } = [];

    /// <summary>When the machine stood still that held the whole lab; <see langword="null"/> where nobody looked.</summary>
    public IReadOnlyList<MachineStall>? Stalls { get; init; }

    /// <summary>All events, in order of arrival.</summary>
    public required IReadOnlyList<RunEvent> Events { get; init; }
}
