using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>What one netem is set to, in the units it is told them in.</summary>
internal sealed record NetemSettings
{
    /// <summary>Middle of the delay, microseconds; <c>tc</c> takes no fraction of one.</summary>
    public required long DelayUs { get; init; }

    /// <summary>The delay's spread, microseconds: half the range without a table, an eighth of it with one.</summary>
    public required long SpreadUs { get; init; }

    /// <summary>The distribution within the spread; <see langword="null"/> is netem's own, even one.</summary>
    public DelayTable? Table { get; init; }

    /// <summary>Share lost at random, 0..1; not beside <see cref="Model"/>.</summary>
    public double Loss { get; init; }

    /// <summary>Loss of two states or of four; <see langword="null"/> when loss is even.</summary>
    public LossPlan? Model { get; init; }

    /// <summary>Share that comes twice, 0..1.</summary>
    public double Duplicate { get; init; }

    /// <summary>Share with one bit flipped, 0..1.</summary>
    public double Corrupt { get; init; }

    /// <summary>Share that skips the delay, 0..1; 0 where there is no delay to skip.</summary>
    public double Reorder { get; init; }

    /// <summary>Rate, bit/s; 0 is none, <see cref="OrderRate"/> is no limit but keeps order.</summary>
    public long Rate { get; init; }

    /// <summary>Most packets inside netem.</summary>
    public required long Limit { get; init; }

    /// <summary>Seed of netem's draws; <see langword="null"/> where the host knows none.</summary>
    public ulong? Seed { get; init; }

    /// <summary>
    /// A rate of a bit per 125 femtoseconds: no limit to any packet, yet with a rate netem lets no packet out before the one in front of it.
    /// </summary>
    public const long OrderRate = 8_000_000_000_000;

    /// <summary>The rate as a plan says it.</summary>
    public DataRate PlanRate => Rate is 0 or OrderRate ? LinkChange.Unlimited : new DataRate(Rate);
}
