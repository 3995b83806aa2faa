using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// Delay and loss in slots locked to the wall clock: what a satellite constellation does that assigns its terminals anew every so many
/// seconds. It is a function of wall time and <see cref="Seed"/> alone, so links with the same schedule change at the same instants and
/// to the same levels.
/// <code>
///  StartSpike ┐\                        /┐ EndSpike
///             │ \______________________/ │
///     level ──┤                          ├── next slot: another level
///             └ boundary                 └ boundary: loss within HandoverLossFor around it
/// </code>
/// </summary>
public sealed record SlotSchedule
{
    /// <summary>Chooses levels, lossy handovers and obstructions; shared by links that stand under the same sky.</summary>
    public ulong Seed { get; init; }

    /// <summary>Length of a slot; greater than zero.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Wall time of one boundary since 1970-01-01 00:00 UTC; the others lie whole slots away. 12 s gives :12, :27, :42, :57.</summary>
    public TimeSpan Phase { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Least addition to the delay in a slot.</summary>
    public TimeSpan LevelLow { get; init; }

    /// <summary>Most addition to the delay in a slot; the level is uniform between the two.</summary>
    public TimeSpan LevelHigh { get; init; }

    /// <summary>Addition at the start of a slot, above its level; falls to nothing in a straight line over <see cref="StartSpikeFor"/>.</summary>
    public TimeSpan StartSpike { get; init; }

    /// <summary>How long the start's spike lasts; within a slot.</summary>
    public TimeSpan StartSpikeFor { get; init; }

    /// <summary>Addition at the end of a slot, above its level; rises from nothing over <see cref="EndSpikeFor"/>.</summary>
    public TimeSpan EndSpike { get; init; }

    /// <summary>How long the end's spike lasts; within a slot.</summary>
    public TimeSpan EndSpikeFor { get; init; }

    /// <summary>Share of boundaries around which packets are lost.</summary>
    public Ratio HandoverLossShare { get; init; } = new(1);

    /// <summary>Share of packets lost around such a boundary.</summary>
    public Ratio HandoverLoss { get; init; }

    /// <summary>How long before and after a boundary they are lost; half a slot at most.</summary>
    public TimeSpan HandoverLossFor { get; init; }

    /// <summary>Share of slots in which something stands in the way for a while.</summary>
    public Ratio ObstructionShare { get; init; }

    /// <summary>How long it stands there, all packets being lost; within a slot, at an instant of it chosen by chance.</summary>
    public TimeSpan ObstructionFor { get; init; }
}
