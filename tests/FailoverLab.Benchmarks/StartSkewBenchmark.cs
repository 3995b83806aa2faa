using System.Diagnostics;
using System.Globalization;
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
    private const string WithoutPerl = " without perl";
    private const string OwnReading = "echo ${EPOCHREALTIME:-$(date +%s%N)}";

    /// <summary>Runs everything.</summary>
    public async Task RunAsync()
    {
        if (SshFarm.Isolate(out _))
        {
            return;
        }

        Console.WriteLine("| far side | starts | released, first to last: p50 | p99 | max | the commands' own clock: p50 | p99 | processor time of a start | error of the clocks' offsets: median | worst | bound: median | worst | outside their bound |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        await foreach (var (name, spreads) in EachAsync((starts + InOneRun - 1) / InOneRun, RunAsync))
        {
            Console.WriteLine($"| {name} | {spreads.Released.Count} | {Us(spreads.Released, 0.5)} | {Us(spreads.Released, 0.99)} | {Us(spreads.Released, 1)} | {Us(spreads.Own, 0.5)} | {Us(spreads.Own, 0.99)} | {Us(spreads.Processor, 0.5)} | {Us(spreads.Offsets, 0.5)} | {Us(spreads.Offsets, 1)} | {Us(spreads.Bounds, 0.5)} | {Us(spreads.Bounds, 1)} | {spreads.Outside} of {spreads.Offsets.Count} |");
        }

        using var plain = new SshFarm(folder, HostCount, "/usr/bin/bash");
        var logins = Enumerable.Range(0, Math.Max(3, starts / InOneRun)).Select(_ => ParallelLogins(plain)).ToList();
        Console.WriteLine($"| parallel `ssh` | {logins.Count} | | | | {Us(logins, 0.5)} | {Us(logins, 0.99)} | | | | | | |");
        Console.WriteLine($"\n{Machine.Describe()}. Load {Machine.Load()} at the end.");
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
        List<RemoteHost> places = [.. Enumerable.Range(1, hosts).Select(i => Place(farm, lab, $"host-{i}", 0, null))];
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

    /// <summary>Measures the clocks of eight hosts again and again; nothing else is done there.</summary>
    public async Task ClocksAsync(int times)
    {
        if (SshFarm.Isolate(out _))
        {
            return;
        }

        Console.WriteLine("| far side | measurements | error of the offset: median | p90 | worst | bound: median | worst | outside their bound |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        await foreach (var (name, spreads) in EachAsync(times, ClocksAsync))
        {
            Console.WriteLine($"| {name} | {spreads.Offsets.Count} | {Us(spreads.Offsets, 0.5)} | {Us(spreads.Offsets, 0.9)} | {Us(spreads.Offsets, 1)} | {Us(spreads.Bounds, 0.5)} | {Us(spreads.Bounds, 1)} | {spreads.Outside} of {spreads.Offsets.Count} |");
        }

        Console.WriteLine($"\n{Machine.Describe()}. Load {Machine.Load()} at the end.");
    }

    /// <summary>Measures each kind of far side so many times, on hosts of its own.</summary>
    private async IAsyncEnumerable<(string Name, Spreads Spreads)> EachAsync(int times, Func<SshFarm, SshLab, string?, Spreads, Task> measure)
    {
        foreach (var (name, shell, agent) in Kinds())
        {
            using var farm = new SshFarm(folder, HostCount, shell, !name.EndsWith(WithoutPerl, StringComparison.Ordinal));
            await using var lab = SshLab.Open(farm.KnownHosts, "none", SystemClock.Shared, TimeProvider.System);
            var spreads = new Spreads();
            for (var time = 0; time < times; time++)
            {
                await measure(farm, lab, agent, spreads);
            }

            yield return (name, spreads);
        }
    }

    private static async Task ClocksAsync(SshFarm farm, SshLab lab, string? agent, Spreads spreads)
    {
        var shells = await Task.WhenAll(Enumerable.Range(1, HostCount).Select(i => SshShell.ConnectAsync(Target(farm, $"host-{i}", i, agent), lab, CancellationToken.None)));
        var clocks = await Task.WhenAll(shells.Select(s => ClockProbe.MeasureAsync(s, TimeProvider.System, CancellationToken.None)));
        spreads.Offsets.AddRange(clocks.Select(c => Math.Abs(c.OffsetNs)));
        spreads.Bounds.AddRange(clocks.Select(c => c.BoundNs));
        Console.Error.WriteLine(string.Join(' ', clocks.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.OffsetNs / 1e3:+0;-0}({c.RoundTripNs / 1e3:0},{c.Samples})"))));
        await Task.WhenAll(shells.Select(s => s.DisposeAsync().AsTask()));
    }

    /// <summary>What is measured; hosts without perl only when their name is asked for.</summary>
    private IEnumerable<(string Name, string Shell, string? Agent)> Kinds()
    {
        (string Name, string Shell, string? Agent)[] kinds =
        [
            ("agent", "/usr/bin/bash", program), ("bash", "/usr/bin/bash", null), ("dash", "/usr/bin/dash", null), ("busybox ash", "/usr/bin/busybox", null),
            ("bash" + WithoutPerl, "/usr/bin/bash", null), ("dash" + WithoutPerl, "/usr/bin/dash", null), ("busybox ash" + WithoutPerl, "/usr/bin/busybox", null),
        ];
        return kinds.Where(k => k.Name.Contains(only, StringComparison.Ordinal) && only.EndsWith(WithoutPerl, StringComparison.Ordinal) == k.Name.EndsWith(WithoutPerl, StringComparison.Ordinal) && File.Exists(k.Shell));
    }

    private async Task RunAsync(SshFarm farm, SshLab lab, string? agent, Spreads spreads)
    {
        List<RemoteHost> places = [.. Enumerable.Range(1, HostCount).Select(i => Place(farm, lab, $"host-{i}", i, agent))];
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

    private static RemoteHost Place(SshFarm farm, SshLab lab, string name, int host, string? agent) => new(
        name,
        stop => SshShell.ConnectAsync(Target(farm, name, host, agent), lab, stop),
        SystemClock.Shared,
        TimeProvider.System);

    private static SshTarget Target(SshFarm farm, string name, int host, string? agent) =>
        new(name) { Address = SshFarm.Address(host), Port = 2222, User = "root", IdentityFile = farm.Key, Agent = agent };

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

    private static string Us(List<long> values, double quantile) =>
        values.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{values.Order().ElementAt((int)Math.Max(0, Math.Ceiling(quantile * values.Count) - 1)) / 1e3:0} us");

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
