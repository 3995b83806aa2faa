using System.Diagnostics;
using System.Globalization;
using FailoverLab.Linux;

namespace FailoverLab.Benchmarks;

/// <summary>
/// The same silent deaths for the kernel's Multipath TCP, on the same network: one stream from the endpoint to a router over both WANs, every cut takes the WAN that carries it.
/// What is measured is the longest silence at the receiver. Needs root, nft and mptcpize.
/// </summary>
/// <param name="cuts">How many.</param>
internal sealed class MptcpBenchmark(int cuts)
{
    /// <summary>What the table calls it.</summary>
    public const string Name = "kernel Multipath TCP, silent death";

    private const int Port = 7010;

    /// <summary>Runs everything.</summary>
    /// <returns>A row for the table of outages.</returns>
    /// <exception cref="InvalidOperationException">A program failed, or the stream did not become a multipath one.</exception>
    public string Measure()
    {
        var began = SystemClock.Shared.MonotonicNs;
        using var network = new OutageNetwork();
        network.Do("endpoint", """
            ip rule add from 203.0.113.18 table 18; ip route add default via 203.0.113.17 dev w1 table 18
            ip rule add from 203.0.113.34 table 34; ip route add default via 203.0.113.33 dev w2 table 34
            ip route add 203.0.113.64/28 via 203.0.113.17 dev w1
            ip mptcp limits set subflow 2 add_addr_accepted 2
            ip mptcp endpoint add 203.0.113.34 dev w2 subflow
            """);
        network.Do("router-1", "ip mptcp limits set subflow 2 add_addr_accepted 2");
        var silences = new List<(long AtNs, long Ns)>();
        var self = Environment.ProcessPath!;
        using var receiver = network.Start("router-1", "mptcpize", "run", self, "stream-receive", Port.ToString(CultureInfo.InvariantCulture));
        receiver.OutputDataReceived += (_, e) => Take(silences, e.Data);
        receiver.BeginOutputReadLine();
        Thread.Sleep(1000);
        using var sender = network.Start("endpoint", "mptcpize", "run", self, "stream-send", "203.0.113.66", Port.ToString(CultureInfo.InvariantCulture));
        try
        {
            Thread.Sleep(2000);
            var subflows = TunnelNetwork.In(network.SpaceOf("endpoint"), "ss", "-Htn", "state", "established", $"dport = :{Port}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
            if (subflows < 2)
            {
                throw new InvalidOperationException($"the stream has {subflows} subflow(s), not two");
            }

            var outages = Enumerable.Range(0, cuts).Select(_ => Cut(network, silences)).Order().ToList();
            return string.Create(CultureInfo.InvariantCulture, $"| {Name} | {cuts} | {outages[outages.Count / 2]:0.0}, {outages[(int)Math.Ceiling(0.99 * cuts) - 1]:0.0}, {outages[^1]:0.0} | | 0 | | | | | {(SystemClock.Shared.MonotonicNs - began) / 1e9:0} s |");
        }
        finally
        {
            foreach (var process in (Process[])[sender, receiver])
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
    }

    /// <summary>Cuts the WAN that carries more just now.</summary>
    /// <returns>The longest silence, ms, less one sending interval.</returns>
    private static double Cut(OutageNetwork network, List<(long AtNs, long Ns)> silences)
    {
        var before = (Carried(network, 1), Carried(network, 2));
        Thread.Sleep(100 + Random.Shared.Next(50));
        var wan = Carried(network, 1) - before.Item1 >= Carried(network, 2) - before.Item2 ? 1 : 2;
        var from = SystemClock.Shared.MonotonicNs;
        network.Cut(wan, CutKind.Silent, cut: true);
        Thread.Sleep(2500);
        var healed = SystemClock.Shared.MonotonicNs;
        network.Cut(wan, CutKind.Silent, cut: false);

        // The dead subflow's timers have backed off; it comes back when they end. So does a silence that the cut was too short for.
        Thread.Sleep(3500);
        double longest;
        lock (silences)
        {
            longest = silences.Where(s => s.AtNs > from && s.AtNs - s.Ns < healed).Select(s => s.Ns).DefaultIfEmpty(1_000_000).Max() / 1e6;
        }

        Console.Error.WriteLine($"wan {wan} cut: {longest:0.0} ms");
        return longest - 1;
    }

    private static long Carried(OutageNetwork network, int wan) =>
        long.Parse(TunnelNetwork.In(network.SpaceOf("endpoint"), "cat", $"/sys/class/net/w{wan}/statistics/tx_bytes"), CultureInfo.InvariantCulture);

    private static void Take(List<(long AtNs, long Ns)> silences, string? line)
    {
        if (line?.Split(' ') is [var at, var silence])
        {
            lock (silences)
            {
                silences.Add((long.Parse(at, CultureInfo.InvariantCulture), long.Parse(silence, CultureInfo.InvariantCulture)));
            }
        }
    }
}
