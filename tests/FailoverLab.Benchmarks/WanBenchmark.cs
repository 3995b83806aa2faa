using System.Globalization;
using System.Text.Json;

namespace FailoverLab.Benchmarks;

/// <summary>
/// Measures the link emulator in network namespaces, beside a control in the same run, and prints tables in Markdown. Needs root, ethtool,
/// ping, iperf3 and tc.
/// </summary>
/// <param name="program">Our program, published.</param>
/// <param name="seconds">How long each figure is measured.</param>
/// <param name="only">The one part to run: <c>delay</c>, <c>netem</c>, <c>capacity</c>, <c>tcp</c>, <c>loss</c>, <c>rate</c>, <c>change</c> or <c>virtual</c>; all where empty.</param>
internal sealed class WanBenchmark(string program, int seconds, string only)
{
    private const long DelayNs = 20_000_000;

    /// <summary>Runs everything.</summary>
    /// <exception cref="InvalidOperationException">A program failed.</exception>
    public void Run()
    {
        var load = Machine.Load();
        using var network = new WanNetwork();
        Console.WriteLine("| what | asked | measured | control |");
        Console.WriteLine("|---|---|---|---|");
        var ours = (P50: 1.0, P99: 1.0);
        Part("delay", () => ours = Delay(network));
        Part("netem", () => WanNetemBenchmark.RunAsync(seconds, ours.P50, ours.P99).GetAwaiter().GetResult());
        Part("capacity", () => Capacity(network, 1400, 100_000));
        Part("capacity", () => Capacity(network, 200, 60_000));
        Part("tcp", () => Tcp(network, "off"));
        Part("tcp", () => TcpUncut());
        Part("loss", () => LossUnderLoad(network));
        Part("rate", () => Rate(network));
        Part("change", () => WanChangeBenchmark.Run(network));
        Part("virtual", WanVirtualBenchmark.Run);
        Console.WriteLine($"\n{Machine.Describe()}; {seconds} s a figure. Load {load} at the start, {Machine.Load()} at the end.");
    }

    internal static void Row(string what, string asked, string measured, string control) =>
        Console.WriteLine($"| {what} | {asked} | {measured} | {control} |");

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    internal static string Percentiles(List<double> us)
    {
        us.Sort();
        return Text($"p50 {At(us, 0.5):0.0}, p99 {At(us, 0.99):0.0}, p99.9 {At(us, 0.999):0.0}, least {us[0]:0.0}, most {us[^1]:0} us");
    }

    /// <summary>A quantile of sorted figures.</summary>
    internal static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];

    private void Part(string name, Action run)
    {
        if (only.Length == 0 || only == name)
        {
            run();
        }
    }

    private (double P50, double P99) Delay(WanNetwork network)
    {
        var (measured, early, lost, calm) = Errors(network, "20ms", DelayNs);
        var (control, _, _, calmControl) = Errors(network, "0s", 0);
        Row("added-delay error, 20 ms, 10,000 packets/s of 200 B", "p50 10, p99 50 us, none early", $"{Percentiles(measured)}; {early} early, {lost} lost", $"no delay: {Percentiles(control)}");
        Row("of these, packets during which the machine did not pause", "", calm, $"no delay: {calmControl}");
        return (At(measured, 0.5), At(measured, 0.99));
    }

    private (List<double> Us, int Early, int Lost, string Calm) Errors(WanNetwork network, string delay, long delayNs)
    {
        const int PerSecond = 10_000;
        var count = PerSecond * seconds;
        var link = new WanProgram(network, program, "--delay", delay);
        using var entering = WanStream.Listen(network.Mid, "lan", count);
        using var leaving = WanStream.Listen(network.Far, "far", count);
        using var pauses = new MachinePauses();
        WanStream.SendApart(network.Near, "site", count, PerSecond, 200);
        var (into, outOf) = (WanStream.Stamps(entering, count, out _), WanStream.Stamps(leaving, count, out _));
        link.End();

        // The first second warms the code up.
        var both = Enumerable.Range(PerSecond, count - PerSecond).Where(i => into[i] != 0 && outOf[i] != 0).ToList();
        var errors = both.Select(Error).ToList();
        var calm = both.Where(i => pauses.RanThroughout(into[i], outOf[i])).Select(Error).ToList();
        var words = Text($"{calm.Count * 100.0 / both.Count:0} %: {Percentiles(calm)}; {pauses.Words}");
        return (errors, errors.Count(e => e < 0), count - PerSecond - both.Count, words);

        double Error(int i) => (outOf[i] - into[i] - delayNs) / 1e3;
    }

    private void Capacity(WanNetwork network, int bytes, int goal)
    {
        var (best, text) = (0.0, "");
        foreach (var rate in (int[])[30_000, 60_000, 80_000, 100_000, 120_000, 150_000, 200_000])
        {
            var (lost, reached, link) = Flood(network, rate, bytes);
            if (lost > 0 || reached < best)
            {
                text = lost == 0 ? "" : Text($"; at {reached:0} {lost * 100:0.000} % lost, of these {link.GetProperty("missed").GetInt64()} not read in time");
                break;
            }

            best = reached;
        }

        var before = network.Received("direct");
        var (sent, _) = WanStream.SendApart(network.Near, "direct", goal * seconds, goal, bytes);
        Thread.Sleep(200);
        Row(
            Text($"packets/s of {bytes} B without loss"), Text($"{goal}"), Text($"{best:0}{text}"),
            Text($"bare cable at {goal}: {Math.Max(0, sent - (network.Received("direct") - before))} lost"));
    }

    /// <summary>Share lost, and the rate that was reached: a busy sender falls behind.</summary>
    private (double Lost, double Reached, JsonElement Link) Flood(WanNetwork network, int rate, int bytes)
    {
        var link = new WanProgram(network, program);
        WanStream.SendApart(network.Near, "site", rate / 2, rate, bytes);
        Thread.Sleep(200);
        var before = network.Received("far");
        var (sent, took) = WanStream.SendApart(network.Near, "site", rate * seconds, rate, bytes);
        Thread.Sleep(300);
        var received = network.Received("far") - before;
        return (Math.Max(0, sent - received) / (double)sent, sent / took, link.End());
    }

    private void TcpUncut()
    {
        using var network = new WanNetwork("u", hasOffloads: true);
        Tcp(network, "on");
    }

    private void Tcp(WanNetwork network, string offloads)
    {
        network.Serve(network.FarName, "iperf3", "-s");
        var link = new WanProgram(network, program);
        var through = Iperf(network, WanNetwork.FarAddress);
        link.End();
        Row($"TCP, offloads {offloads} at the ends", "2 Gbit/s", Text($"{through:0.00} Gbit/s"), Text($"bare cable: {Iperf(network, WanNetwork.DirectAddress):0.00} Gbit/s"));
    }

    private double Iperf(WanNetwork network, string address)
    {
        var json = TunnelNetwork.In(network.NearName, "sh", "-c", $"for i in 1 2 3 4 5; do iperf3 -J -c {address} -t {seconds} && exit 0; sleep 1; done; exit 1");
        return JsonDocument.Parse(json[json.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e9;
    }

    private void LossUnderLoad(WanNetwork network)
    {
        const int PerSecond = 44_700; // 500 Mbit/s of 1,400 B
        var link = new WanProgram(network, program, "--delay", "50ms", "--loss", "1%");
        Thread.Sleep(200);
        var before = network.Received("far");
        var (sent, took) = WanStream.SendApart(network.Near, "site", PerSecond * seconds, PerSecond, 1400);
        Thread.Sleep(400);
        var received = network.Received("far") - before;
        var asked = link.End().GetProperty("up").GetProperty("dropped").GetProperty("loss").GetInt64();

        // The pings that told the link was up may have been among the lost.
        Row("50 ms and 1 % loss at 500 Mbit/s of 1,400 B", "0 lost beyond the asked", Text($"{sent} sent at {sent * 1400 * 8 / took / 1e6:0} Mbit/s, {asked} lost as asked, {Math.Max(0, sent - received - asked)} beyond"), "");
    }

    private void Rate(WanNetwork network)
    {
        var link = new WanProgram(network, program, "--rate", "100Mbit/s");
        var ours = Shaped(network, "site", "far");
        var stoodStillNs = link.End().GetProperty("up").GetProperty("stoodStillNs").GetInt64();
        TunnelNetwork.Run("tc", "-n", network.NearName, "qdisc", "add", "dev", "direct", "root", "tbf", "rate", "100mbit", "burst", "1600", "latency", "100ms");
        WanShape tbf;
        try
        {
            tbf = Shaped(network, "direct", "direct", bypassesQdisc: false);
        }
        finally
        {
            TunnelNetwork.Run("tc", "-n", network.NearName, "qdisc", "del", "dev", "direct", "root");
        }

        Row("rate 100 Mbit/s, 130 % offered", "error 0.1 %, burst of one packet (1,250 B)", ours.Whole, $"`tc tbf`: {tbf.Whole}");
        Row("of these, stretches of 20 ms during which the machine did not pause", "", ours.Calm, $"`tc tbf`: {tbf.Calm}");
        Row("less the time the link says that it stood still", "", Text($"error {ours.ErrorWithout(stoodStillNs)}; {stoodStillNs / 1e6:0.0} ms"), "");
    }

    /// <summary>Sends 130 % of the rate and looks at what comes out.</summary>
    private WanShape Shaped(WanNetwork network, string from, string to, bool bypassesQdisc = true)
    {
        const int Bytes = 1250;
        var count = 13_000 * seconds;
        using var leaving = WanStream.Listen(network.Far, to, count);
        using var pauses = new MachinePauses();
        if (bypassesQdisc)
        {
            WanStream.SendApart(network.Near, from, count, 13_000, Bytes);
        }
        else
        {
            WanUdp.Send(network.Near, WanNetwork.DirectAddress, count, 13_000, Bytes);
        }

        Thread.Sleep(300);
        return new WanShape(bypassesQdisc ? [.. WanStream.Stamps(leaving, count, out _).Where(s => s != 0)] : WanUdp.Stamps(leaving, Bytes), Bytes, 100e6, pauses);
    }
}
