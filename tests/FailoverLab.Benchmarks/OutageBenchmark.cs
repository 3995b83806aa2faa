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
    private const long Millisecond = 1_000_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs everything.</summary>
    public void Run()
    {
        Console.WriteLine("| case | cuts | outage ms: median, p99, most | lost packets, all cuts | the same time without a cut: p99, most ms | sent again or twice |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var what in OutageCase.All(scale).Where(c => c.Name.StartsWith(only, StringComparison.Ordinal)))
        {
            Console.WriteLine(Measure(what));
        }

        Console.WriteLine($"\n{Machine.Describe()}. Load {Machine.Load()} at the end.");
    }

    private string Measure(OutageCase what)
    {
        using var network = new OutageNetwork();
        using var stack = new OutageStack(network, program, folder, what);
        using var there = new ArrivalLog(network.At("business", () => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("198.51.100.10"), Port))));
        using var back = new ArrivalLog(network.At("endpoint", () => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.129"), Port))));
        using var near = network.At("endpoint", () => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.129"), 0)));
        using var far = network.At("business", () => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse("198.51.100.10"), 0)));
        var start = SystemClock.Shared.MonotonicNs + (100 * Millisecond);
        using var out1 = Send("out", 1, near, "198.51.100.10", start);
        using var out2 = Send("back", 2, far, "192.0.2.129", start + (Millisecond / 2));
        Pause(800);
        var before = Carried(network);
        var (outages, controls, lost) = (new List<double>(), new List<double>(), 0);
        var random = new Random(7);
        for (var cut = 0; cut < what.Cuts; cut++)
        {
            var from = SystemClock.Shared.MonotonicNs;
            Pause(350 + random.Next(50) + random.NextDouble());
            controls.Add(Worst(there, back, from, SystemClock.Shared.MonotonicNs - (50 * Millisecond)).OutageMs);
            from = SystemClock.Shared.MonotonicNs - (5 * Millisecond);
            var (wan, router) = (stack.Wan, stack.Router);
            Do(network, stack, what.Kind, wan, router, cut: true);
            Pause(what.Kind == CutKind.RouterKilled ? 1200 : 450);
            var (missing, outage) = Worst(there, back, from, SystemClock.Shared.MonotonicNs - (50 * Millisecond));
            outages.Add(outage);
            lost += missing;
            Do(network, stack, what.Kind, wan, router, cut: false);
            Pause(what.Kind == CutKind.RouterKilled ? 2500 : 600);
            if ((cut + 1) % 20 == 0)
            {
                Console.Error.WriteLine($"{what.Name}: {cut + 1} cuts, longest {outages.Max():0.0} ms, {lost} lost, {stack.Switches} switches");
            }
        }

        var (wire, probes) = (Carried(network) - before, out1.Snapshot.Flows[0].Sent + out2.Snapshot.Flows[0].Sent);
        outages.Sort();
        controls.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {what.Name} | {what.Cuts} | {At(outages, 0.5):0.0}, {At(outages, 0.99):0.0}, {outages[^1]:0.0} | {lost} | {At(controls, 0.99):0.0}, {controls[^1]:0.0} | {wire} datagrams for {probes} probes |");
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

    private static (int Lost, double OutageMs) Worst(ArrivalLog there, ArrivalLog back, long from, long to)
    {
        var (a, b) = (there.Between(from, to), back.Between(from, to));
        return (a.Lost + b.Lost, Math.Max(a.OutageMs, b.OutageMs));
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];

    private static void Pause(double ms) => Thread.Sleep(TimeSpan.FromMilliseconds(ms));
}
