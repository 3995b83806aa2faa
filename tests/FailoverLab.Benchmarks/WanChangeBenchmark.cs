using FailoverLab.Emulator;
using FailoverLab.Linux;
using FailoverLab.Wan;

namespace FailoverLab.Benchmarks;

/// <summary>How soon a change is in force, and how far apart two links of a group switch; the first packet that is dropped tells.</summary>
internal static class WanChangeBenchmark
{
    private const int PerSecond = 5_000;
    private const int Turns = 30;

    public static void Run(WanNetwork network)
    {
        using var second = new WanNetwork("c");
        var (called, planned) = (new List<Turn>(), new List<Turn>());
        for (var turn = 0; turn < Turns; turn++)
        {
            called.Add(OnThread(() => Once(network, second, isPlanned: false)));
            planned.Add(OnThread(() => Once(network, second, isPlanned: true)));
        }

        WanBenchmark.Row("change called to first packet dropped, 5,000 packets/s", "1 ms", Words(called, t => t.Us), "a packet every 200 us");
        WanBenchmark.Row("planned instant to first packet dropped", "1 ms", Words(planned, t => t.Us), "");
        WanBenchmark.Row("two links of a group, first packets dropped apart", "1 ms", Words(planned, t => t.ApartUs), "");
    }

    private static string Words(List<Turn> turns, Func<Turn, double> figure)
    {
        var calm = turns.Where(t => t.IsCalm).Select(figure).ToList();
        return WanBenchmark.Text($"median {Duel.Median(turns.Select(figure)):0}, worst {turns.Max(figure):0} us of {turns.Count}; worst of the {calm.Count} in which the machine did not pause {calm.DefaultIfEmpty().Max():0} us");
    }

    // On a thread above the senders, or they would keep it from its instant.
    private static Turn OnThread(Func<Turn> once)
    {
        Turn result = default;
        var thread = new Thread(() =>
        {
            ProcessControl.TryRealtimePriority(30);
            result = once();
        });
        thread.Start();
        thread.Join();
        return result;
    }

    private static Turn Once(WanNetwork one, WanNetwork two, bool isPlanned)
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
        using var pauses = new MachinePauses();
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
        return new Turn((first[0] - atNs) / 1e3, Math.Abs(first[0] - first[1]) / 1e3, pauses.RanThroughout(atNs, first.Max()));
    }

    private static LinkImpairments Dropping(LinkImpairments now) => now with { Drop = true };

    private static long FirstDropped(long[] into, long[] outOf, long afterNs) =>
        into.Where((stamp, i) => stamp >= afterNs && outOf[i] == 0).DefaultIfEmpty(long.MaxValue).Min();

    private readonly record struct Turn(double Us, double ApartUs, bool IsCalm);
}
