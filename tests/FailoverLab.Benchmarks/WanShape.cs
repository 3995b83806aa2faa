namespace FailoverLab.Benchmarks;

/// <summary>What came out of a bottleneck that always had more than it could carry.</summary>
/// <param name="stamps">When each packet came, in order, ns.</param>
/// <param name="bytes">Length of each packet.</param>
/// <param name="bitsPerSecond">The rate asked for.</param>
/// <param name="pauses">The machine's, at the time.</param>
internal sealed class WanShape(List<long> stamps, int bytes, double bitsPerSecond, MachinePauses pauses)
{
    private const long StretchNs = 20_000_000;

    private readonly double _nsPerPacket = bytes * 8e9 / bitsPerSecond;

    /// <summary>Error of the rate, and the most that came beyond it in any stretch of time.</summary>
    public string Whole => WanBenchmark.Text($"error {ErrorWithout(0)}, burst {Burst():0} B; {pauses.Words}");

    /// <summary>The error over stretches in which the machine ran throughout, together and each.</summary>
    public string Calm { get; } = CalmWords(stamps, bytes * 8e9 / bitsPerSecond, pauses);

    /// <summary>Error of the rate if so much time is left out.</summary>
    public string ErrorWithout(long ns) => Percent((stamps.Count - 1) * _nsPerPacket, stamps[^1] - stamps[0] - ns);

    private static string CalmWords(List<long> stamps, double nsPerPacket, MachinePauses pauses)
    {
        var (packets, tookNs, stretches) = (0, 0L, new List<double>());
        var all = 0;
        for (var (from, to) = (0, 0); to < stamps.Count; to++)
        {
            if (stamps[to] - stamps[from] < StretchNs)
            {
                continue;
            }

            all++;
            if (pauses.RanThroughout(stamps[from], stamps[to]))
            {
                packets += to - from;
                tookNs += stamps[to] - stamps[from];
                stretches.Add(((to - from) * nsPerPacket / (stamps[to] - stamps[from])) - 1);
            }

            from = to;
        }

        stretches.Sort();
        return stretches.Count == 0
            ? WanBenchmark.Text($"none of {all}")
            : WanBenchmark.Text($"error {Percent(packets * nsPerPacket, tookNs)} in {stretches.Count} of {all}; each: median {WanBenchmark.At(stretches, 0.5) * 100:0.000}, worst {stretches[0] * 100:0.000} and {stretches[^1] * 100:0.000} %");
    }

    private static string Percent(double asIdealNs, double tookNs) => WanBenchmark.Text($"{((asIdealNs / tookNs) - 1) * 100:0.0000} %");

    /// <summary>Bytes that came less those the rate allows; its greatest rise is the burst.</summary>
    private double Burst()
    {
        var (most, least) = (0.0, double.MaxValue);
        for (var i = 0; i < stamps.Count; i++)
        {
            var ahead = ((i + 1.0) * bytes) - ((stamps[i] - stamps[0]) * bytes / _nsPerPacket);
            least = Math.Min(least, ahead - bytes);
            most = Math.Max(most, ahead - least);
        }

        return most;
    }
}
