using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>
/// A link that is arranged anew at fixed instants of wall time, as low-orbit satellite terminals are: each slot has its own delay level,
/// delay spikes at its ends, now and then loss around a boundary (handover) or in its midst (obstruction). It is a function of wall time
/// and the run's seed alone: links with the same slots change at the same instants, to the same levels.
/// </summary>
public sealed record SlotPlan
{
    /// <summary>No slots: takes them away.</summary>
    public static SlotPlan None { get; } = new() { Period = TimeSpan.Zero, LevelMax = TimeSpan.Zero };

    /// <summary>Length of a slot; 100 ms to 10 min. Zero: no slots.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>A boundary after the Unix epoch; 0 s to the period. 15 s slots at :12, :27, :42 and :57 have 12 s.</summary>
    public TimeSpan Offset { get; init; }

    /// <summary>Smallest delay a slot adds to the link's own.</summary>
    public TimeSpan LevelMin { get; init; }

    /// <summary>Largest delay a slot adds; a slot keeps what was drawn for it evenly between the two.</summary>
    public required TimeSpan LevelMax { get; init; }

    /// <summary>Delay spike after the start of each slot; null is none.</summary>
    public SlotSpikePlan? Start { get; init; }

    /// <summary>Delay spike before the end of each slot; null is none.</summary>
    public SlotSpikePlan? End { get; init; }

    /// <summary>Loss around some boundaries; null is none.</summary>
    public HandoverPlan? Handover { get; init; }

    /// <summary>Silence in some slots; null is none.</summary>
    public ObstructionPlan? Obstruction { get; init; }

    /// <summary>Whether this takes slots away.</summary>
    [JsonIgnore]
    public bool IsNone => Period == TimeSpan.Zero;

    /// <summary>No packet is delayed longer than this by its slot.</summary>
    [JsonIgnore]
    public TimeSpan Longest => LevelMax + (Start?.Peak ?? TimeSpan.Zero) + (End?.Peak ?? TimeSpan.Zero);
}
