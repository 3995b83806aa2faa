using System.Globalization;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Benchmarks;

/// <summary>500 routers report and 5,000 decisions a second are asked of a balancer for a given time, all on one machine.</summary>
internal sealed class BalancerBenchmark(string program, int seconds, string folder)
{
    private const ulong Seed = 4;
    private const int Routers = 500;
    private const int ReportLanes = 4;
    private const int ReportEverySeconds = 2;
    private const int Endpoints = 5000;
    private const int DecisionsPerSecond = 5000;
    private const int DecisionLanes = 32;
    private const int WarmUpSeconds = 10;
    private const long Second = 1_000_000_000;

    /// <summary>Runs it and prints a table.</summary>
    public void Run()
    {
        Console.WriteLine(FormattableString.Invariant($"{Machine.Describe()}. Load {Machine.Load()} at the start. Seed {Seed}."));
        using var balancer = new BalancerProcess(program, folder);
        Turn(balancer, WarmUpSeconds);
        var (memory, cpu) = (balancer.Memory(), balancer.CpuSeconds());
        Print("after the warm-up", balancer);
        using var watch = new Timer(_ => Print("on the way", balancer), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        var (decisions, reports, wrong, bytes) = Turn(balancer, seconds);
        watch.Change(Timeout.Infinite, Timeout.Infinite);
        var (end, used) = (balancer.Memory(), balancer.CpuSeconds() - cpu);
        Print("at the end", balancer);
        Console.WriteLine($"| | asked | p50 | p99 | p99.9 | max |\n|---|---|---|---|---|---|");
        Row("decisions", decisions);
        Row("reports", reports);
        Console.WriteLine(FormattableString.Invariant($"{wrong} answered wrongly. A decision's answer has {bytes / 1024.0:0.0} KiB. {used / seconds * 100:0} % of one core for the balancer."));
        Console.WriteLine(FormattableString.Invariant($"Memory, resident (anonymous): {memory.Resident:0.0} ({memory.Anonymous:0.0}) MiB after the warm-up, {end.Resident:0.0} ({end.Anonymous:0.0}) MiB at the end. Load {Machine.Load()} at the end."));
    }

    private static void Print(string when, BalancerProcess balancer)
    {
        var (resident, anonymous) = balancer.Memory();
        Console.WriteLine(FormattableString.Invariant($"memory {when}: {resident:0.0} MiB, anonymous {anonymous:0.0} MiB"));
    }

    private static void Row(string name, long[] latencies)
    {
        Array.Sort(latencies);
        Console.WriteLine($"| {name} | {latencies.Length.ToString("N0", CultureInfo.InvariantCulture)} | {At(0.5)} | {At(0.99)} | {At(0.999)} | {At(1)} |");

        string At(double share) => (latencies[(int)Math.Min(latencies.Length - 1, share * latencies.Length)] / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " ms";
    }

    private static (long[] Decisions, long[] Reports, int Wrong, int Bytes) Turn(BalancerProcess balancer, int seconds)
    {
        var start = SystemClock.Shared.MonotonicNs + Second;
        var bytes = 0;
        var reports = Lanes(ReportLanes, lane => Report(balancer, start, seconds, lane));
        var decisions = Lanes(DecisionLanes, lane => Decide(balancer, start, seconds, lane, length => bytes = length));
        var (reported, decided) = (Gather(reports), Gather(decisions));
        return (decided.Latencies, reported.Latencies, reported.Wrong + decided.Wrong, bytes);
    }

    private static (long[] Latencies, int Wrong) Report(BalancerProcess balancer, long start, int seconds, int lane)
    {
        const int PerLane = Routers / ReportLanes;
        var random = new SeededRandom(Seed).Split($"reports {lane}");
        var lanes = Enumerable.Range(0, PerLane).Select(_ => new HttpLane(balancer.EndPoint)).ToList();
        var period = ReportEverySeconds * Second / PerLane;
        var outcome = new Schedule(start - Second + (lane * period / ReportLanes), period, (int)((seconds + 1) * Second / period)).Run(i =>
        {
            var router = (lane * PerLane) + (i % PerLane);
            var body = FormattableString.Invariant(
                $$"""{"server_id":"router-{{router:000}}","server_name":"Routing Server {{router}}","timestamp":1699660800.0,"cpu_percent":{{random.NextDouble() * 100:0.0}},"memory_percent":{{random.NextDouble() * 100:0.0}},"bandwidth_mbps":{{random.NextDouble() * 1000:0.0}},"active_tunnels":{{random.Next(100)}},"total_rx_packets":1000000,"total_tx_packets":950000,"internal_ip":"198.51.100.{{router % 256}}","external_ip":"2001:db8::{{router:x}}"}""");
            return lanes[i % PerLane].Ask(HttpLane.Request("POST", "/metrics", body)).Status == 200;
        });
        lanes.ForEach(l => l.Dispose());
        return outcome;
    }

    private static (long[] Latencies, int Wrong) Decide(BalancerProcess balancer, long start, int seconds, int lane, Action<int> onLength)
    {
        using var http = new HttpLane(balancer.EndPoint);
        var requests = Enumerable.Range(0, Endpoints).Select(e => HttpLane.Request("GET", $"/decision/endpoint_{e}")).ToArray();
        const long Period = DecisionLanes * Second / DecisionsPerSecond;
        var last = 0;
        var outcome = new Schedule(start + (lane * Period / DecisionLanes), Period, (int)(seconds * Second / Period)).Run(i =>
        {
            var (status, length) = http.Ask(requests[((i * DecisionLanes) + lane) % Endpoints]);
            last = length;
            return status == 200;
        });
        onLength(last);
        return outcome;
    }

    private static (Thread Thread, Func<(long[] Latencies, int Wrong)> Outcome)[] Lanes(int count, Func<int, (long[], int)> run) => [.. Enumerable.Range(0, count).Select(lane =>
    {
        var outcome = (Array.Empty<long>(), 0);
        var thread = new Thread(() => outcome = run(lane), 256 << 10);
        thread.Start();
        return (thread, (Func<(long[], int)>)(() => outcome));
    })];

    private static (long[] Latencies, int Wrong) Gather((Thread Thread, Func<(long[] Latencies, int Wrong)> Outcome)[] lanes)
    {
        Array.ForEach(lanes, l => l.Thread.Join());
        var outcomes = lanes.Select(l => l.Outcome()).ToList();
        return ([.. outcomes.SelectMany(o => o.Latencies)], outcomes.Sum(o => o.Wrong));
    }
}
