namespace FailoverLab.Analysis;

/// <summary>
/// Packets of one flow that arrived at its only point in order of their numbers, none missing and none twice: what nearly all traffic
/// is made of. Counted as a whole, it costs a third of what its packets cost one by one, with the same outcome.
/// </summary>
internal readonly ref struct SteadyRun
{
    /// <summary>Most packets in a run: its columns stay in the processor's first cache.</summary>
    public const int Longest = 256;

    /// <summary>Fewer are not worth it.</summary>
    public const int Shortest = 8;

    /// <summary>Number of the first packet.</summary>
    public required long FirstRow { get; init; }

    /// <summary>The packets, in order of arrival.</summary>
    public required ReadOnlySpan<Sighting> Sightings { get; init; }

    /// <summary>Their one-way delays, ns.</summary>
    public required ReadOnlySpan<long> Delays { get; init; }

    /// <summary>The longest of them.</summary>
    public required long GreatestDelayNs { get; init; }

    /// <summary>Each delay less the one before, ns.</summary>
    public required ReadOnlySpan<long> Differences { get; init; }

    /// <summary>Bytes on the wire, of all.</summary>
    public required long Bytes { get; init; }

    /// <summary>Packets.</summary>
    public int Count => Sightings.Length;

    /// <summary>Number of the last packet.</summary>
    public long LastRow => FirstRow + Count - 1;

    /// <summary>The last packet.</summary>
    public ref readonly Sighting Last => ref Sightings[^1];

    /// <summary>How many sightings from the first on are a run.</summary>
    public static int LengthOf(ReadOnlySpan<Sighting> sightings)
    {
        var most = Math.Min(sightings.Length, Longest);
        var (number, point) = (sightings[0].A, sightings[0].Point);
        var length = 1;
        while (length < most && sightings[length].A == number + (ulong)length && sightings[length].Point == point) length++;
        return length;
    }
}
