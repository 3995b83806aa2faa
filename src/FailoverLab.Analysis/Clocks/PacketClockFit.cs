namespace FailoverLab.Analysis;

/// <summary>
/// One clock against another from packets of both directions. None arrives before it left: the least delay there, by the stamps, is not below what the clock is ahead, and
/// the least delay back is not below what it is behind. So the truth lies in <c>[−back, there]</c>, however uneven the two ways are. A packet tells as much of
/// another instant, less what two clocks can part by until then (<see cref="MaxDrift"/>). Pure.
/// </summary>
internal static class PacketClockFit
{
    /// <summary>Largest difference in rate of two clocks, ratio; as the exchange over the channel has it.</summary>
    public const double MaxDrift = 100e-6;

    private const int Halvings = 60;

    /// <summary>Puts both directions together.</summary>
    /// <param name="there">Least delays to the clock that is asked about.</param>
    /// <param name="back">Least delays from it.</param>
    /// <param name="slackNs">How far off the packets' instants may be, ns: the stamps are of the very clocks that are asked about.</param>
    /// <returns>Absent where a direction has no packets.</returns>
    public static PacketClock? Of(IEnumerable<LeastDelay> there, IEnumerable<LeastDelay> back, long slackNs = 0)
    {
        List<LeastDelay> above = [.. there], below = [.. back.Select(d => d with { Ns = -d.Ns })];
        if (above.Count == 0 || below.Count == 0) return null;
        var from = Math.Max(above.Min(d => d.AtNs), below.Min(d => d.AtNs));
        var to = Math.Min(above.Max(d => d.AtNs), below.Max(d => d.AtNs));
        var atNs = from + ((to - from) / 2);
        var slack = (long)Math.Ceiling(2 * MaxDrift * slackNs);
        var low = below.Max(d => d.Ns - Parted(d, atNs)) - slack;
        var high = above.Min(d => d.Ns + Parted(d, atNs)) + slack;
        var (brokenAtNs, excessNs) = Contradiction(above, below, slack);
        var clock = new PacketClock { AtNs = atNs, LowNs = low, HighNs = high, OffsetNs = low + ((high - low) / 2), BrokenAtNs = brokenAtNs, ExcessNs = excessNs };
        return brokenAtNs is null ? WithLine(clock, above, below, slack) : clock;
    }

    /// <summary>How far the clocks can have parted between a packet and the instant, ns.</summary>
    private static long Parted(LeastDelay delay, long atNs) => (long)Math.Ceiling(MaxDrift * Math.Abs(delay.AtNs - atNs));

    /// <summary>Whether any two packets are further apart than the clocks can have parted in between: looks for it along the time, with all that earlier packets allow.</summary>
    private static (long? AtNs, long ExcessNs) Contradiction(List<LeastDelay> above, List<LeastDelay> below, long slack)
    {
        (long? brokenAtNs, var excess) = (null, 0.0);
        var (least, most, lastNs) = (double.NegativeInfinity, double.PositiveInfinity, 0L);
        foreach (var (delay, isAbove) in above.Select(d => (d, true)).Concat(below.Select(d => (d, false))).OrderBy(d => d.Item1.AtNs))
        {
            var parted = MaxDrift * (delay.AtNs - lastNs);
            (least, most, lastNs) = (least - parted, most + parted, delay.AtNs);
            if (isAbove) most = Math.Min(most, delay.Ns);
            else least = Math.Max(least, delay.Ns);
            if (least - most <= (2 * slack) + 0.5) continue;
            brokenAtNs ??= delay.AtNs;
            excess = Math.Max(excess, least - most);

            // From here on the clock is another one.
            if (isAbove) least = double.NegativeInfinity;
            else most = double.PositiveInfinity;
        }

        return (brokenAtNs, (long)excess);
    }

    /// <summary>
    /// The straight lines that leave all packets on their side. The room between a line of a given rate and the packets is a concave function of the rate: its
    /// highest place is found by parting the range in three, the places where it becomes 0 by halving on either side.
    /// </summary>
    private static PacketClock WithLine(PacketClock clock, List<LeastDelay> above, List<LeastDelay> below, long slack)
    {
        var (low, high) = (-MaxDrift, MaxDrift);
        for (var i = 0; i < 2 * Halvings; i++)
        {
            var (one, other) = (low + ((high - low) / 3), high - ((high - low) / 3));
            if (Room(one) < Room(other)) low = one;
            else high = other;
        }

        var best = (low + high) / 2;
        if (Room(best) < 0) return clock;
        var (most, least) = Sides(best);
        return clock with
        {
            OffsetNs = Math.Clamp((long)((most + least) / 2), clock.LowNs, clock.HighNs),
            Drift = best,
            DriftLow = Edge(best, -MaxDrift),
            DriftHigh = Edge(best, MaxDrift),
        };

        (double Most, double Least) Sides(double rate) =>
            (above.Min(d => d.Ns - (rate * (d.AtNs - clock.AtNs))) + slack, below.Max(d => d.Ns - (rate * (d.AtNs - clock.AtNs))) - slack);

        double Room(double rate)
        {
            var (upper, lower) = Sides(rate);
            return upper - lower;
        }

        // On the far side of the edge, so that a truth upon it lies within.
        double Edge(double inside, double outside)
        {
            for (var i = 0; i < Halvings && Room(outside) < 0; i++)
            {
                var middle = (inside + outside) / 2;
                if (Room(middle) >= 0) inside = middle;
                else outside = middle;
            }

            return outside;
        }
    }
}
