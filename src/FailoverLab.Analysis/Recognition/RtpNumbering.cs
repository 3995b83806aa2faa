namespace FailoverLab.Analysis;

/// <summary>
/// RTP: a 16-bit sequence number and a media timestamp, whose rate is that of the payload type (RFC 3551) or, for a dynamic type, the
/// common rate nearest to what the first packets show.
/// </summary>
/// <remarks>Source: RFC 3550 section 5.1.</remarks>
internal sealed class RtpNumbering : INumbering
{
    private const double LeastShare = 0.8;
    private const int FirstDynamicType = 96;

    private static readonly int[] CommonRates = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 90000];

    private readonly NumberUnwrapper _numbers = new(16);
    private readonly NumberUnwrapper _times = new(32);
    private readonly ulong _source;
    private readonly int _rate;
    private (long StampNs, long Time)? _first;

    private RtpNumbering(ulong source, int rate) => (_source, _rate) = (source, rate);

    /// <summary>Recognises a flow by packets of one point; absent where they are something else.</summary>
    public static RtpNumbering? TryRecognise(ReadOnlySpan<Sighting> first)
    {
        var (steps, good) = (0, 0);
        Sighting? before = null;
        Sighting? start = null;
        foreach (ref readonly var sighting in first)
        {
            if (sighting.Point != first[0].Point || !LooksRight(sighting)) continue;
            start ??= sighting;
            if (before is { } last)
            {
                steps++;
                if (Source(sighting) == Source(last) && (ushort)(Sequence(sighting) - Sequence(last)) is > 0 and < 512) good++;
            }

            before = sighting;
        }

        if (steps < FlowRecognition.PacketsToKnow / 2 || good < LeastShare * steps || steps * 2 < AtFirstPoint(first)) return null;
        return new RtpNumbering(Source(start!.Value), Rate(start.Value, before!.Value));
    }

    /// <inheritdoc/>
    public void Number(Span<Sighting> sightings)
    {
        foreach (ref var sighting in sightings)
        {
            if (!LooksRight(sighting) || Source(sighting) != _source)
            {
                sighting.A = unchecked((ulong)RowNumbers.None);
                continue;
            }

            var time = _times.Unwrap(sighting.Point, (long)(sighting.A & 0xFFFF_FFFF), sighting.StampNs);
            var number = _numbers.Unwrap(sighting.Point, Sequence(sighting), sighting.StampNs);
            _first ??= (sighting.StampNs, time);
            sighting.A = (ulong)number;
            sighting.B = _rate == 0
                ? unchecked((ulong)RowWindow.Missing)
                : (ulong)(_first.Value.StampNs + (long)((time - _first.Value.Time) * (1e9 / _rate)));
        }
    }

    /// <inheritdoc/>
    public void Restart()
    {
        _numbers.Restart();
        _times.Restart();
        _first = null;
    }

    /// <summary>Version 2, and no type that RTCP would have on the same ports (RFC 5761).</summary>
    private static bool LooksRight(in Sighting sighting) => sighting.A >> 62 == 2 && ((sighting.A >> 48) & 0x7F) is < 64 or > 95;

    private static int Sequence(in Sighting sighting) => (int)(sighting.A >> 32) & 0xFFFF;

    private static ulong Source(in Sighting sighting) => sighting.B >> 32;

    private static int AtFirstPoint(ReadOnlySpan<Sighting> sightings)
    {
        var count = 0;
        foreach (ref readonly var sighting in sightings) count += sighting.Point == sightings[0].Point ? 1 : 0;
        return count;
    }

    /// <summary>Media clock rate, Hz; 0 where it cannot be told.</summary>
    private static int Rate(in Sighting first, in Sighting last)
    {
        var type = (int)(first.A >> 48) & 0x7F;
        if (type is 0 or 3 or 4 or 5 or 7 or 8 or 9 or 12 or 13 or 15 or 18) return 8000;
        if (type is 25 or 26 or 28 or 31 or 32 or 33 or 34) return 90000;
        if (type < FirstDynamicType) return 0;
        var seen = (uint)((uint)last.A - (uint)first.A) / ((last.StampNs - first.StampNs) / 1e9);
        var nearest = CommonRates.MinBy(rate => Math.Abs(Math.Log(rate / seen)));
        return Math.Abs(nearest - seen) < 0.2 * nearest ? nearest : 0;
    }
}
