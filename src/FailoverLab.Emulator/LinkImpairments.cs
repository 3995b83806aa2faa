using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>What one direction of a link does to packets. The default does nothing: an unlimited wire without delay.</summary>
public sealed record LinkImpairments
{
    /// <summary>A link that does nothing to packets.</summary>
    public static LinkImpairments None { get; } = new();

    /// <summary>Whether the link is there at all. Taking it down loses what is inside it too.</summary>
    public bool IsUp { get; init; } = true;

    /// <summary>Whether every packet that enters vanishes. What is inside already still comes out.</summary>
    public bool Drop { get; init; }

    /// <summary>Share of packets lost at random, each independently of the others.</summary>
    public Ratio Loss { get; init; }

    /// <summary>Time every packet takes, counted from its arrival; not negative.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Random addition to the delay, uniform over 0..this; not negative. No packet overtakes another.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bits of frame a second that leave the bottleneck before the delay; <see langword="null"/> is unlimited.</summary>
    public DataRate? Rate { get; init; }

    /// <summary>Longest a packet may wait for the bottleneck; one that would wait longer is dropped on arrival. Without <see cref="Rate"/> it means nothing.</summary>
    public TimeSpan QueueLimit { get; init; } = TimeSpan.FromMilliseconds(100);
}
