using FailoverLab.Emulator;
using FailoverLab.Linux;
using FailoverLab.Wan;

namespace FailoverLab.Benchmarks;

/// <summary>How soon a change is in force, and how far apart two links of a group switch; the first packet that is dropped tells.</summary>
internal static class WanChangeBenchmark
{
    private const int PerSecond = 5_000;

    public static void Run(WanNetwork network, int turns)
    {
        using var second = new WanNetwork("c");
        var (called, planned, apart) = (new List<double>(), new List<double>(), new List<double>());
        for (var turn = 0; turn < turns; turn++)
        {
            called.Add(Apart(isPlanned: false).Us);
            var (us, apartUs) = Apart(isPlanned: true);
            planned.Add(us);
            apart.Add(apartUs);
        }

        WanBenchmark.Row("change called to first packet dropped, 5,000 packets/s", "1 ms", WanBenchmark.Text($"median {Duel.Median(called):0}, worst {called.Max():0} us"), "a packet every 200 us");
        WanBenchmark.Row("planned instant to first packet dropped", "1 ms", WanBenchmark.Text($"median {Duel.Median(planned):0}, worst {planned.Max():0} us"), "");
        WanBenchmark.Row("two links of a group, first packets dropped apart", "1 ms", WanBenchmark.Text($"median {Duel.Median(apart):0}, worst {apart.Max():0} us"), "");

        (double Us, double ApartUs) Apart(bool isPlanned) => OnThread(() => Once(network, second, isPlanned));
    }

    // On a thread above the senders, or they would keep it from its instant.
    private static (double Us, double ApartUs) OnThread(Func<(double, double)> once)
    {
        (double, double) result = default;
        var thread = new Thread(() =>
        {
            ProcessControl.TryRealtimePriority(30);
            result = once();
        });
        thread.Start();
        thread.Join();
        return result;
    }

    private static (double Us, double ApartUs) Once(WanNetwork one, WanNetwork two, bool isPlanned)
    {
        const int Count = PerSecond / 2;
        WanNetwork[] networks = [one, two];
        var entering = networks.Select(n => WanStream.Listen(n.Mid, "lan", Count)).ToList();
        var leaving = networks.Select(n => WanStream.Listen(n.Far, "far", Count)).ToList();
        var links = networks.Select((n, i) => WanLink.Start(
            new WanLinkSetting { Name = $"link-{i}", Seed = 1 },
            n.Mid.Run(() => PacketSocket.Open("lan", ring: true)),
            n.Mid.Run(() => PacketSocket.Open("wan", ring: true)),
            SystemClock.Shared)).ToList();
        var senders = networks.Select(n => new Thread(() => WanStream.Send(n.Near, "site", Count, PerSecond, 200))).ToList();
        senders.ForEach(s => s.Start());
        SystemClock.Shared.WaitUntil(SystemClock.Shared.MonotonicNs + 200_000_000);
        var atNs = SystemClock.Shared.RealtimeNs;
        if (isPlanned)
        {
            atNs += 20_000_000;
            _ = WanGroup.ApplyAt(links, atNs, LinkDirections.Up, Dropping);
        }
        else
        {
            links[0].Apply(LinkDirections.Up, Dropping);
            links[1].Apply(LinkDirections.Up, Dropping);
        }

        senders.ForEach(s => s.Join());
        var first = entering.Select((ring, i) => FirstDropped(WanStream.Stamps(ring, Count, out _), WanStream.Stamps(leaving[i], Count, out _), atNs)).ToList();
        links.ForEach(l => l.Dispose());
        entering.Concat(leaving).ToList().ForEach(r => r.Dispose());
        return ((first[0] - atNs) / 1e3, Math.Abs(first[0] - first[1]) / 1e3);
    }

    private static LinkImpairments Dropping(LinkImpairments now) => now with { Drop = true };

    private static long FirstDropped(long[] into, long[] outOf, long afterNs) =>
        into.Where((stamp, i) => stamp >= afterNs && outOf[i] == 0).DefaultIfEmpty(long.MaxValue).Min();
}
