using FailoverLab.Emulator;
using FailoverLab.Hosts;
using FailoverLab.Results;

namespace FailoverLab.EmbeddedLab;

/// <summary>What the gauge did: the truth that captures are to be held against.</summary>
public sealed record GaugeOutcome
{
    /// <summary>The cuts, CLOCK_REALTIME ns, in order: exact, because each packet was decided on by its own kernel stamp.</summary>
    public required IReadOnlyList<GaugeCut> Cuts { get; init; }

    /// <summary>What each capture counted.</summary>
    public required IReadOnlyList<CaptureCount> Captures { get; init; }

    /// <summary>Packets the gauge swallowed.</summary>
    public required long Swallowed { get; init; }

    /// <summary>Packets its links lost that the gauge had let in (no room, refused by the kernel); any makes the truth unknown.</summary>
    public required long LostOtherwise { get; init; }

    /// <summary>Worst lateness of a packet at its sender, ns.</summary>
    public required long SenderLatenessNs { get; init; }

    /// <summary>When the machine paused, those of a sending interval and longer.</summary>
    public required IReadOnlyList<MachineStall> Stalls { get; init; }

    /// <summary>Worst lateness of a packet that left a path after its delay, ns.</summary>
    public required long PathLatenessNs { get; init; }
}
