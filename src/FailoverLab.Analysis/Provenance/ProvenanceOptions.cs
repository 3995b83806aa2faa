namespace FailoverLab.Analysis;

/// <summary>What is known before matching probes with packets of an encrypted tunnel.</summary>
public sealed record ProvenanceOptions
{
    /// <summary>Largest difference between the clocks of any two captures, ns; 0 where all share one kernel clock.</summary>
    public long ClockBoundNs { get; init; }

    /// <summary>Longest time from the tunnel's near end to a path's capture, and from there to the far end, ns.</summary>
    public long LongestTransitNs { get; init; } = 1_000_000_000;

    /// <summary>Whether a capture behind the tunnel tells which probes came out and when. Without one every probe is taken as if its fate were
    /// unknown.</summary>
    public bool HasExits { get; init; } = true;

    /// <summary>Most bytes the tunnel adds to an inner packet, outer headers and the link's own included.</summary>
    public int LargestOverhead { get; init; } = 192;

    /// <summary>Probes decided at once; half as many after them are looked at to learn from.</summary>
    public int BlockProbes { get; init; } = 4096;

    // Stamps of one clock are given at slightly different places in the kernel.
    private const long StampSlackNs = 50_000;

    /// <summary>Shortest time between two stamps of one packet, ns.</summary>
    internal long ShortestNs => -ClockBoundNs - StampSlackNs;

    /// <summary>Longest time between two stamps of one packet, ns.</summary>
    internal long LongestNs => LongestTransitNs + ClockBoundNs;

    /// <summary>Width of all times thought possible, ns.</summary>
    internal long ReachNs => LongestNs - ShortestNs;
}
