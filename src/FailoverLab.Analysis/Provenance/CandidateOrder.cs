namespace FailoverLab.Analysis;

/// <summary>
/// Weighs candidates by their neighbours. A tunnel end that was held up sends what waited in one burst, in order: each packet of it comes
/// at no usual time, but right behind the one before. Messages go along the probes in both directions, as in any chain.
/// </summary>
internal sealed class CandidateOrder
{
    // Packets of a burst follow each other about this closely.
    private const double FollowSeconds = 20e-6;

    // How far order is relied on; the rest is for links that overtake.
    private const double Kept = 0.9;

    // What is less likely than this is not worth a look.
    private const double Unlikely = 1e-3;

    private double[] _ahead = [];
    private double[] _behind = [];
    private double[] _share = [];

    /// <summary>What the probes before say to each candidate; a chain of these is the likelihood of all.</summary>
    public ReadOnlySpan<double> Ahead => _ahead;

    /// <summary>What the probes behind say to each candidate.</summary>
    public ReadOnlySpan<double> Behind => _behind;

    /// <summary>Computes the factors of each candidate.</summary>
    /// <param name="starts">First candidate of each probe; one more entry than probes.</param>
    /// <param name="stamps">Stamp of each candidate, ns; ascending within a probe.</param>
    /// <param name="weights">Likelihood of each candidate by itself.</param>
    /// <param name="noneWeights">Likelihood of each probe having none.</param>
    /// <param name="entries">Entry of each probe, ns.</param>
    /// <param name="here">Probability that each probe was on this path.</param>
    /// <param name="density">Usual times from entry to the capture.</param>
    public void Run(
        ReadOnlySpan<int> starts,
        ReadOnlySpan<long> stamps,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> noneWeights,
        ReadOnlySpan<ProbePassage> entries,
        ReadOnlySpan<double> here,
        DelayDensity density)
    {
        var (probes, candidates) = (starts.Length - 1, starts[^1]);
        if (_ahead.Length < candidates) (_ahead, _behind, _share) = (new double[candidates * 2], new double[candidates * 2], new double[candidates * 2]);
        for (var i = 0; i < probes; i++)
        {
            Receive(_ahead, i, i - 1, starts, stamps, entries, here, density);
            Share(_ahead, i, starts, weights, noneWeights);
        }

        for (var i = probes - 1; i >= 0; i--)
        {
            Receive(_behind, i, i + 1, starts, stamps, entries, here, density);
            Share(_behind, i, starts, weights, noneWeights);
        }

    }

    /// <summary>What a probe's neighbour says to each of its candidates; the neighbour's shares are those of the last <see cref="Share"/>.</summary>
    private void Receive(
        double[] messages,
        int probe,
        int neighbour,
        ReadOnlySpan<int> starts,
        ReadOnlySpan<long> stamps,
        ReadOnlySpan<ProbePassage> entries,
        ReadOnlySpan<double> here,
        DelayDensity density)
    {
        for (var j = starts[probe]; j < starts[probe + 1]; j++)
        {
            messages[j] = 1;
            if (neighbour < 0 || neighbour >= starts.Length - 1 || here[neighbour] < Unlikely) continue;
            var (sum, rest) = (0.0, 1.0);
            for (var n = starts[neighbour]; n < starts[neighbour + 1]; n++)
            {
                if (_share[n] < Unlikely) continue;
                var ratio = neighbour < probe
                    ? Ratio(stamps[n], stamps[j], entries[probe].EntryNs, density)
                    : Ratio(stamps[j], stamps[n], entries[neighbour].EntryNs, density);
                sum += _share[n] * ratio;
                rest -= _share[n];
            }

            messages[j] = (here[neighbour] * (sum + rest)) + (1 - here[neighbour]);
        }
    }

    /// <summary>From messages to each candidate's share of its probe.</summary>
    private void Share(double[] messages, int probe, ReadOnlySpan<int> starts, ReadOnlySpan<double> weights, ReadOnlySpan<double> noneWeights)
    {
        var sum = noneWeights[probe];
        for (var j = starts[probe]; j < starts[probe + 1]; j++) sum += _share[j] = weights[j] * messages[j];
        if (sum <= 0) return;
        for (var j = starts[probe]; j < starts[probe + 1]; j++) _share[j] /= sum;
    }

    /// <summary>How much likelier the later packet's time gets by the earlier one's: it comes at its usual time if that is later, else right behind.</summary>
    private static double Ratio(long earlierNs, long laterNs, long laterEntryNs, DelayDensity density)
    {
        if (laterNs <= earlierNs) return 1 - Kept;
        var waits = density.ShareBelow(earlierNs - laterEntryNs);
        if (waits == 0) return 1;
        var gap = (laterNs - earlierNs) / 1e9;
        var follows = FollowSeconds / ((gap + FollowSeconds) * (gap + FollowSeconds));
        return (1 - Kept) + (Kept * (1 + (waits * follows / density.At(laterNs - laterEntryNs))));
    }
}
