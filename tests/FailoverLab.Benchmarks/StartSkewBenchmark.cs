using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Benchmarks;

/// <summary>
/// How far apart one step starts on eight hosts: with our agent, with plain shells, and with parallel logins. All hosts share this machine's kernel clock, so
/// the truth is known. Prints a table in Markdown.
/// </summary>
/// <param name="program">Our program, as the hosts start it.</param>
/// <param name="starts">Starts of each kind.</param>
/// <param name="folder">Where keys, logs and configurations are written.</param>
/// <param name="only">Part of the name of the far sides that are measured; all when empty.</param>
internal sealed class StartSkewBenchmark(string program, int starts, string folder, string only = "")
{
    private const int HostCount = 8;
    private const int InOneRun = 10;
    private const string OwnReading = "echo ${EPOCHREALTIME:-$(date +%s%N)}";
    private const string Embedded = "embedded lab";

    private int Runs => (starts + InOneRun - 1) / InOneRun;

    /// <summary>Runs everything.</summary>
    public async Task RunAsync()
    {
        if (SshFarm.Isolate(out _))
        {
            return;
        }

        Console.WriteLine("| far side | starts | released, first to last: p50 | p99 | max | the commands' own clock: p50 | p99 | processor time of a start | error of the clocks' offsets: median | worst | bound: median | worst | outside their bound |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var side in FarSide.All(program, only))
        {
            var spreads = new Spreads();
            using var farm = new SshFarm(folder, HostCount, side.Shell, side.HasPerl);
            await using var lab = SshLab.Open(farm.KnownHosts, "none", SystemClock.Shared, TimeProvider.System);
            for (var run = 0; run < Runs; run++)
            {
                await RunAsync(farm, lab, side, spreads);
            }

            Print(side.Name, spreads);
        }

        if (Embedded.Contains(only, StringComparison.Ordinal))
        {
            EmbeddedRow();
        }

        using var plain = new SshFarm(folder, HostCount, "/usr/bin/bash");
        var logins = Enumerable.Range(0, Math.Max(3, starts / InOneRun)).Select(_ => ParallelLogins(plain)).ToList();
        Console.WriteLine($"| parallel `ssh` | {logins.Count} | | | | {Quantiles.Us(logins, 0.5)} | {Quantiles.Us(logins, 0.99)} | | | | | | |");
        Console.WriteLine($"\n{Machine.Describe()}. Load {Machine.Load()} at the end.");
    }

    /// <summary>The same commands on eight nodes of the embedded lab: namespaces, and one thread that opens all gates.</summary>
    private void EmbeddedRow()
    {
        var spreads = new Spreads();
        string[] nodes = ["traffic", "endpoint", "wan-101", "wan-102", "wan-103", "router-1", "router-2", "business"];
        var file = Path.Combine(folder, "embedded.yaml");
        var steps = Enumerable.Range(0, InOneRun).SelectMany(i => nodes.Select(n => $"  - {{ at: {500 + (100 * i)}ms, name: {n}-{Name(i)}, run: {{ host: {n}, command: \"{OwnReading}\" }} }}"));
        File.WriteAllText(file, $"version: 1\nname: embedded\nduration: {1000 + (100 * InOneRun)}ms\nsteps:\n{string.Join('\n', steps)}\n");
        for (var run = 0; run < Runs; run++)
        {
            var busyBefore = Machine.BusyNs();
            using var process = Process.Start(new ProcessStartInfo(program, ["scenario", file, "--out", Path.Combine(folder, "runs"), "--json"]) { RedirectStandardOutput = true, WorkingDirectory = Machine.RepositoryRoot })!;
            var result = JsonSerializer.Deserialize(process.StandardOutput.ReadToEnd(), ResultsJson.Document.RunResult)!;
            process.WaitForExit();
            spreads.Processor.Add((Machine.BusyNs() - busyBefore) / InOneRun);
            foreach (var (step, i) in result.StartSkewNs!.PerHost.GroupBy(s => s.PlannedNs).OrderBy(g => g.Key).Select((g, i) => (g, i)))
            {
                spreads.Released.Add(Spread(step.Select(s => s.ActualNs)));
                spreads.Own.Add(Spread(nodes.Select(n => OwnNs(File.ReadAllText(Path.Combine(folder, "runs", result.RunId!, "logs", n, $"{n}-{Name(i)}.out"))))));
            }
        }

        Print(Embedded, spreads);
    }

    /// <summary>Arms many hosts at once, over one sshd on loopback.</summary>
    public async Task ArmAsync(int hosts)
    {
        if (SshFarm.Isolate(out _))
        {
            return;
        }

        using var farm = new SshFarm(folder, 0, "/usr/bin/dash");
        await using var lab = SshLab.Open(farm.KnownHosts, "none", SystemClock.Shared, TimeProvider.System);
        List<RemoteHost> places = [.. Enumerable.Range(1, hosts).Select(i => Place(farm, lab, $"host-{i}", 0, new FarSide("dash", "/usr/bin/dash", null)))];
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(places.Select(p => p.ArmAsync(Plan(p.Hosts.Single(), 1), folder, CancellationToken.None)));
        await Task.WhenAll(places.Select(p => p.SettleAsync(CancellationToken.None)));
        var armed = watch.Elapsed;
        await Task.WhenAll(places.Select(p => p.FireAsync(SystemClock.Shared.RealtimeNs + 2_000_000_000)));
        await Task.WhenAll(places.Select(p => StartsAsync(p, 1)));
        await Task.WhenAll(places.Select(p => p.StopAsync()));
        var memory = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(':')[1].Trim();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hosts} hosts armed in {armed.TotalSeconds:0.0} s; largest resident memory {memory}. Load {Machine.Load()}."));
    }

    private static void Print(string name, Spreads spreads) => Console.WriteLine(
        $"| {name} | {spreads.Released.Count} | {Quantiles.Us(spreads.Released, 0.5)} | {Quantiles.Us(spreads.Released, 0.99)} | {Quantiles.Us(spreads.Released, 1)} | {Quantiles.Us(spreads.Own, 0.5)} | {Quantiles.Us(spreads.Own, 0.99)} | {Quantiles.Us(spreads.Processor, 0.5)} | {Quantiles.Us(spreads.Offsets, 0.5)} | {Quantiles.Us(spreads.Offsets, 1)} | {Quantiles.Us(spreads.Bounds, 0.5)} | {Quantiles.Us(spreads.Bounds, 1)} | {(spreads.Offsets.Count == 0 ? "one clock" : $"{spreads.Outside} of {spreads.Offsets.Count}")} |");

    private async Task RunAsync(SshFarm farm, SshLab lab, FarSide side, Spreads spreads)
    {
        List<RemoteHost> places = [.. Enumerable.Range(1, HostCount).Select(i => Place(farm, lab, $"host-{i}", i, side))];
        await Task.WhenAll(places.Select(p => p.ArmAsync(Plan(p.Hosts.Single(), InOneRun), folder, CancellationToken.None)));
        await Task.WhenAll(places.Select(p => p.SettleAsync(CancellationToken.None)));
        var startNs = SystemClock.Shared.RealtimeNs + 1_500_000_000;
        await Task.WhenAll(places.Select(p => p.FireAsync(startNs)));
        var busyBefore = Machine.BusyNs();
        var started = await Task.WhenAll(places.Select(p => StartsAsync(p, InOneRun)));
        spreads.Processor.Add((Machine.BusyNs() - busyBefore) / InOneRun);
        spreads.Offsets.AddRange(places.SelectMany(p => p.Clocks).Select(c => Math.Abs(c.OffsetNs)));
        spreads.Bounds.AddRange(places.SelectMany(p => p.Clocks).Select(c => c.BoundNs));
        await Task.WhenAll(places.Select(p => p.StopAsync()));
        for (var step = 0; step < InOneRun; step++)
        {
            spreads.Released.Add(Spread(started.Select(s => s[step])));
            spreads.Own.Add(Spread(places.Select(p => OwnNs(File.ReadAllText(Path.Combine(folder, "logs", p.Hosts.Single(), Name(step) + ".out"))))));
        }
    }

    /// <summary>When each step was released, by the host's own clock.</summary>
    private static async Task<long[]> StartsAsync(RemoteHost place, int steps)
    {
        var released = new Dictionary<string, long>();
        var ended = 0;
        await foreach (var item in place.Events.ReadAllAsync())
        {
            if (item is { Kind: RunEventKind.Fault, StartedNs: null })
            {
                throw new InvalidOperationException(item.Text);
            }

            if (item.StartedNs is not null)
            {
                released[item.Step!] = long.Parse(item.Data!["hostNs"], CultureInfo.InvariantCulture) + item.AcknowledgedNs!.Value - item.StartedNs.Value;
            }

            ended += item.ExitStatus is null ? 0 : 1;
            if (released.Count == steps && ended == steps)
            {
                break;
            }
        }

        return [.. released.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value)];
    }

    private static long ParallelLogins(SshFarm farm)
    {
        string[] options = ["-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new", "-o", $"UserKnownHostsFile={farm.KnownHosts}", "-o", "LogLevel=ERROR", "-i", farm.Key, "-l", "root", "-p", "2222"];
        List<Process> logins = [.. Enumerable.Range(1, HostCount).Select(i => Process.Start(new ProcessStartInfo("ssh", [.. options, "--", SshFarm.Address(i), OwnReading]) { RedirectStandardOutput = true })!)];
        return Spread([.. logins.Select(l => OwnNs(l.StandardOutput.ReadToEnd()))]);
    }

    private static RemoteHost Place(SshFarm farm, SshLab lab, string name, int host, FarSide side) => new(
        name,
        stop => SshShell.ConnectAsync(side.Target(farm, name, host), lab, stop),
        SystemClock.Shared,
        TimeProvider.System);

    private static RunPlan Plan(string host, int steps) => new()
    {
        Scenario = "start-skew",
        Description = "",
        Duration = TimeSpan.FromSeconds(10),
        Seed = 1,
        Topology = null,
        Hosts = [new HostPlan(host, HostTransport.Ssh, "")],
        Steps = [.. Enumerable.Range(0, steps).Select(i => new StepPlan
        {
            Name = Name(i),
            Host = host,
            At = TimeSpan.FromMilliseconds(100 * i),
            Action = new RunCommand(OwnReading, TimeSpan.FromSeconds(10), new Dictionary<string, string>()),
            Command = OwnReading,
            Undo = "",
            Position = SourcePosition.WholeFile("benchmark"),
        })],
        Expectations = [],
    };

    private static string Name(int step) => string.Create(CultureInfo.InvariantCulture, $"{step:00}");

    /// <summary>Nanoseconds from <c>1700000000.123456</c> or <c>1700000000123456789</c>.</summary>
    private static long OwnNs(string text) =>
        text.Trim() is var reading && reading.Contains('.', StringComparison.Ordinal) ? long.Parse(reading.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1000 : long.Parse(reading, CultureInfo.InvariantCulture);

    private static long Spread(IEnumerable<long> instants)
    {
        var all = instants.ToList();
        return all.Max() - all.Min();
    }

    private sealed record Spreads
    {
        public List<long> Released { get; } = [];

        public List<long> Own { get; } = [];

        public List<long> Processor { get; } = [];

        public List<long> Offsets { get; } = [];

        public List<long> Bounds { get; } = [];

        /// <summary>Clocks whose true offset, 0, lay outside their bound.</summary>
        public int Outside => Offsets.Zip(Bounds).Count(c => c.First > c.Second);
    }
}
