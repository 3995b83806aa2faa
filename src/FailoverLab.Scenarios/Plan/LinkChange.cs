using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>New values of a link's impairments; <see langword="null"/> leaves a value as it is.</summary>
public sealed record LinkChange
{
    /// <summary>Carrier on both ends; <see langword="false"/> takes the link down so that both ends see it. Always both directions.</summary>
    public bool? Carrier { get; init; }

    /// <summary>Silent drop of everything; carrier stays up.</summary>
    public bool? Drop { get; init; }

    /// <summary>Share of packets lost at random.</summary>
    public Ratio? Loss { get; init; }

    /// <summary>Fixed delay; not negative, at most 60 s.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Uniform addition to the delay, 0..this; order is kept. Not negative, at most 60 s.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>Rate limit; <see cref="LinkChange.Unlimited"/> removes it.</summary>
    public DataRate? Rate { get; init; }

    /// <summary>The rate that stands for no limit.</summary>
    public static DataRate Unlimited { get; } = new(long.MaxValue);
}
