using System.Globalization;
using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Probing;

namespace FailoverLab.Benchmarks;

/// <summary>
/// Measures what a death of the working path costs: 1 kHz of probes each way through our endpoint and routers, cuts at random phase, and between them as
/// long without a cut (the control: what the machine itself does to such a stream). Prints a table in Markdown. Needs root and nft.
/// </summary>
/// <param name="program">Our program, published.</param>
/// <param name="scale">Share of the cuts to make, 1 for all.</param>
/// <param name="only">Beginning of the names of the cases to measure; empty for all.</param>
/// <param name="folder">Where configurations are written.</param>
internal sealed class OutageBenchmark(string program, double scale, string only, string folder)
{
    private const int Port = 7009;
    private const int MptcpCuts = 20;
    private const long Millisecond = 1_000_000;

    /// <summary>What was sent until an instant has come so much later, ms.</summary>
    private const double Settle = 30;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs everything.</summary>
    public void Run()
    {
        Console.WriteLine("All times in ms: median, p99, most.\n");
        Console.WriteLine("| case | cuts | outage | cuts without a pause of the machine of 2 ms: outage | lost packets | the same time without a cut | until decided | switches not asked for | carried | took |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var what in OutageCase.All(scale).Where(c => c.Name.StartsWith(only, StringComparison.Ordinal)))
        {
            Console.WriteLine(Measure(what));
        }

        if (MptcpBenchmark.Name.StartsWith(only, StringComparison.Ordinal))
        {
            Console.WriteLine(new MptcpBenchmark(Math.Max(3, (int)(MptcpCuts * scale))).Measure());
        }

        Console.WriteLine($"\n{Machine.Describe()}. Load {Machine.Load()} at the end.");
    }

    private string Measure(OutageCase what)
    {
        var began = SystemClock.Shared.MonotonicNs;
        using var network = new OutageNetwork();
        using var stack = new OutageStack(network, program, folder, what);
        using var there = new ArrivalLog(network.At("business", () => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("198.51.100.10"), Port))));
        using var back = new ArrivalLog(network.At("endpoint", () => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.129"), Port))));
        using var near = network.At("endpoint", () => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.129"), 0)));
        using var far = network.At("business", () => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("198.51.100.10"), 0)));
        using var pauses = new StallWatch(SystemClock.Shared, TimeSpan.FromMilliseconds(2));
        var start = SystemClock.Shared.MonotonicNs + (100 * Millisecond);
        using var out1 = Send("out", 1, near, "198.51.100.10", start);
        using var out2 = Send("back", 2, far, "192.0.2.129", start + (Millisecond / 2));
        Pause(1500);
        stack.WaitUntilAllLive();
        var (before, switches, begin) = (Carried(network), stack.View.Switches, SystemClock.Shared.MonotonicNs);
        var (tally, known) = (new OutageTally(), 0);
        var random = new Random(7);
        for (var cut = 0; cut < what.Cuts; cut++)
        {
            // What was the backup a moment ago is cut next; both must have had time to be trusted again.
            stack.WaitUntilAllLive();
            Pause(what.PauseMs + random.Next(40) + random.NextDouble());
            var from = SystemClock.Shared.MonotonicNs;
            Pause(what.CutMs);
            var to = SystemClock.Shared.MonotonicNs;
            Pause(Settle);
            tally.AddControl(there.Between(from, to), back.Between(from, to));
            from = SystemClock.Shared.MonotonicNs - (5 * Millisecond);
            var (wan, router) = (stack.View.Wan, stack.View.Router);
            Do(network, stack, what.Kind, wan, router, cut: true);
            Pause(what.CutMs);

            // Nothing may end before the outage has: both directions flow again.
            OutageStack.WaitUntil(() => Math.Min(there.LastNs, back.LastNs) > SystemClock.Shared.MonotonicNs - (3 * Millisecond), "the stream does not go on");
            to = SystemClock.Shared.MonotonicNs;
            Pause(Settle);
            var paused = IsPaused(pauses, from, to);
            tally.AddCut(there.Between(from, to), back.Between(from, to), stack.View.DecidedNs, paused);
            Do(network, stack, what.Kind, wan, router, cut: false);
            known = what.LosesNothing ? Explain(there, back, begin, known, stack.View) : known;
            if ((cut + 1) % 20 == 0)
            {
                Console.Error.WriteLine($"{what.Name}: {cut + 1} cuts, longest {tally.Longest:0.0} ms, {Lost(there, back, begin)} lost, {stack.View.Switches} switches");
            }
        }

        var (wire, probes) = (Carried(network) - before, out1.Snapshot.Flows[0].Sent + out2.Snapshot.Flows[0].Sent);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {what.Name} | {tally.Columns(Lost(there, back, begin))} | {stack.View.Switches - switches - what.Cuts} | {wire} datagrams for {probes} probes, {100.0 * stack.View.SentAgain / probes:0.0} % of them sent again | {(SystemClock.Shared.MonotonicNs - began) / 1e9:0} s |");
    }

    private static int Lost(ArrivalLog there, ArrivalLog back, long fromNs)
    {
        var to = SystemClock.Shared.MonotonicNs - (100 * Millisecond);
        return there.Between(fromNs, to).Lost + back.Between(fromNs, to).Lost;
    }

    /// <summary>Says what went on when packets were lost that should not have been.</summary>
    /// <returns>How many are lost by now.</returns>
    private static int Explain(ArrivalLog there, ArrivalLog back, long fromNs, int known, EndpointView view)
    {
        var lost = Lost(there, back, fromNs);
        if (lost > known)
        {
            var realtime = SystemClock.Shared.RealtimeNs - SystemClock.Shared.MonotonicNs;
            Console.Error.WriteLine($"lost {lost - known}: out {there.DescribeLost(fromNs, realtime)}; back {back.DescribeLost(fromNs, realtime)}\n{view.Recent()}");
        }

        return lost;
    }

    private static bool IsPaused(StallWatch pauses, long fromNs, long toNs)
    {
        var realtime = SystemClock.Shared.RealtimeNs - SystemClock.Shared.MonotonicNs;
        return pauses.Seen().Any(s => s.IsUrgent && s.AtNs + s.DurationNs >= fromNs + realtime && s.AtNs <= toNs + realtime);
    }

    private static void Do(OutageNetwork network, OutageStack stack, CutKind kind, int wan, int router, bool cut)
    {
        if (kind != CutKind.RouterKilled)
        {
            network.Cut(wan, kind, cut);
        }
        else if (cut)
        {
            stack.KillRouter(router);
        }
        else
        {
            stack.StartRouter(router);
        }
    }

    private static ProbeSender Send(string name, uint id, UdpSocket socket, string to, long start) => ProbeSender.Start(
        name, [new ProbeFlow(id, socket, DatagramAddress.From(new IPEndPoint(IPAddress.Parse(to), Port)), Interval, 200)], start, SystemClock.Shared, static () => ProcessControl.TryRealtimePriority(15));

    /// <summary>Datagrams the endpoint has sent and received over both WANs.</summary>
    private static long Carried(OutageNetwork network) => TunnelNetwork.In(network.SpaceOf("endpoint"), "sh", "-c", "cat /sys/class/net/w1/statistics/tx_packets /sys/class/net/w2/statistics/tx_packets /sys/class/net/w1/statistics/rx_packets /sys/class/net/w2/statistics/rx_packets")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(l => long.Parse(l, CultureInfo.InvariantCulture));

    private static void Pause(double ms) => Thread.Sleep(TimeSpan.FromMilliseconds(ms));
}
