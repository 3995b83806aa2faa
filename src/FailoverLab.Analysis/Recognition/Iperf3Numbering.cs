namespace FailoverLab.Analysis;

/// <summary>
/// iperf3's UDP header: seconds and microseconds of the sender's clock (4 bytes each), then the sequence number from 1, of 4 bytes or,
/// with 64-bit counters, of 8. The clock may count from any instant, so send times are moved to fit the first packet's arrival.
/// </summary>
/// <remarks>Source: iperf3's iperf_udp.c, as sent by 3.x.</remarks>
internal sealed class Iperf3Numbering : INumbering
{
    private const long LongestPauseNs = 10_000_000_000;
    private const double LeastShare = 0.8;

    private readonly bool _wide;
    private readonly NumberUnwrapper _numbers = new(32);
    private long? _clockOffsetNs;

    private Iperf3Numbering(bool wide) => _wide = wide;

    /// <summary>Recognises a flow by packets of one point; absent where they are something else.</summary>
    public static Iperf3Numbering? TryRecognise(ReadOnlySpan<Sighting> first)
    {
        if (Fits(first, s => (long)(s.B >> 32))) return new Iperf3Numbering(wide: false);
        return Fits(first, s => (long)s.B) ? new Iperf3Numbering(wide: true) : null;
    }

    /// <inheritdoc/>
    public void Number(Span<Sighting> sightings)
    {
        foreach (ref var sighting in sightings)
        {
            var clock = ClockNs(sighting);
            var number = _wide ? (long)sighting.B : (long)(sighting.B >> 32);
            if (clock is null || number <= 0)
            {
                // The greeting that opens a stream has no number.
                sighting.A = unchecked((ulong)RowNumbers.None);
                continue;
            }

            _clockOffsetNs ??= sighting.StampNs - clock;
            sighting.A = (ulong)(_wide ? number : _numbers.Unwrap(sighting.Point, number, sighting.StampNs));
            sighting.B = (ulong)(clock.Value + _clockOffsetNs.Value);
        }
    }

    /// <inheritdoc/>
    public void Restart()
    {
        _numbers.Restart();
        _clockOffsetNs = null;
    }

    private static long? ClockNs(in Sighting sighting)
    {
        var micros = (long)(sighting.A & 0xFFFF_FFFF);
        return micros < 1_000_000 ? ((long)(sighting.A >> 32) * 1_000_000_000) + (micros * 1000) : null;
    }

    /// <summary>Numbers that mostly rise a little, and clocks that advance as the stamps do.</summary>
    private static bool Fits(ReadOnlySpan<Sighting> sightings, Func<Sighting, long> numberOf)
    {
        var (steps, good) = (0, 0);
        Sighting? before = null;
        foreach (ref readonly var sighting in sightings)
        {
            if (sighting.Point != sightings[0].Point) continue;
            if (before is { } last)
            {
                steps++;
                var step = numberOf(sighting) - numberOf(last);
                if (ClockNs(sighting) is { } now && ClockNs(last) is { } then && step is > 0 and < 4096 && now >= then
                    && Math.Abs(now - then - (sighting.StampNs - last.StampNs)) < LongestPauseNs && numberOf(last) > 0) good++;
            }

            before = sighting;
        }

        return steps >= FlowRecognition.PacketsToKnow / 2 && good >= LeastShare * steps;
    }
}
