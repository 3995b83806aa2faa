using System.Diagnostics;
using FailoverLab.Emulator;
using FailoverLab.Primitives;

namespace FailoverLab.Benchmarks;

/// <summary>The pipeline in virtual time: how much faster than life, and whether a seed gives the same log to the bit.</summary>
internal static class WanVirtualBenchmark
{
    private const int Seconds = 600;
    private const long MillisecondNs = 1_000_000;

    public static void Run()
    {
        Once(out _);
        var first = Once(out var speed);
        var second = Once(out _);
        WanBenchmark.Row("virtual time, 1 kHz probes both ways, all impairments on", "1,000 times life", WanBenchmark.Text($"{speed:0} times"), first == second ? "same log twice" : "LOGS DIFFER");
    }

    private static int Once(out double timesLife)
    {
        var impairments = new LinkImpairments
        {
            Loss = new Ratio(0.01),
            LossPattern = new GilbertElliottLoss(new Ratio(0.001), new Ratio(0.2)),
            Delay = TimeSpan.FromMilliseconds(20),
            Jitter = TimeSpan.FromMilliseconds(5),
            JitterModel = new NormalJitter(),
            Duplicate = new Ratio(0.001),
            Rate = new DataRate(10_000_000),
            Slots = new SlotSchedule { LevelHigh = TimeSpan.FromMilliseconds(10) },
        };
        LinkPipeline[] links = [new(impairments, new SeededRandom(1).Split("up")), new(impairments, new SeededRandom(1).Split("down"))];
        var frame = new byte[200];
        var lines = new PacketFate[4096];
        var hash = new HashCode();
        foreach (var link in links)
        {
            link.Fates = new FateRing(8192);
        }

        var started = Stopwatch.GetTimestamp();
        for (var i = 0L; i < Seconds * 1000; i++)
        {
            foreach (var link in links)
            {
                link.Enqueue(frame, i * MillisecondNs);
                while (link.TryDequeue(i * MillisecondNs, out _, out _))
                {
                }

                if (i % 2048 == 0)
                {
                    foreach (ref readonly var line in lines.AsSpan(0, link.Fates!.Take(lines)))
                    {
                        hash.Add(line);
                    }
                }
            }
        }

        timesLife = Seconds / Stopwatch.GetElapsedTime(started).TotalSeconds;
        return hash.ToHashCode();
    }
}
