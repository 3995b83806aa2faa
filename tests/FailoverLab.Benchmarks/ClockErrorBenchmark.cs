using System.Globalization;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Testing;

namespace FailoverLab.Benchmarks;

/// <summary>
/// How wrong measured offsets are, against clocks whose truth is known: all hosts share this machine's kernel clock, or have one that libfaketime makes wrong by seconds and
/// hours, drifting, and is read beside the measurement; over cables and over links of our own emulator. Nothing else is done there. Prints a table in Markdown.
/// </summary>
/// <param name="program">Our program, as the hosts start it.</param>
/// <param name="times">How often each is measured.</param>
/// <param name="folder">Where keys and configurations are written.</param>
/// <param name="only">Part of the name of the far sides that are measured; all when empty.</param>
internal sealed class ClockErrorBenchmark(string program, int times, string folder, string only = "")
{
    private const int HostCount = 8;

    /// <summary>Each emulated link has a thread that waits for its packets.</summary>
    private const int LinkedHosts = 2;

    private static readonly string[] Changes = ["+2.5s", "-3h", "+3600s x1.00005", "-7200s x0.99995"];

    /// <summary>Runs everything.</summary>
    public async Task RunAsync()
    {
        if (SshFarm.Isolate(out _))
        {
            return;
        }

        var (even, uneven) = (Profile("even", 10, 10), Profile("uneven", 20, 5));
        Console.WriteLine("| far side | its clock | way | measurements | error of the offset: median | p90 | worst | bound: median | worst | outside their bound |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var side in FarSide.All(program, only))
        {
            await RowAsync(side, null, "cable", null);
            // Debian's busybox is linked without shared libraries, so that nothing can make its clock wrong.
            var changes = FakeClock.IsInstalled && side.Shell != FarSide.Busybox ? Changes : [];
            foreach (var change in changes)
            {
                await RowAsync(side, change, "cable", null);
            }

            await RowAsync(side, null, "10 ± 5 ms each way", even);
            await RowAsync(side, changes.ElementAtOrDefault(2), "20 ± 5 ms there, 5 ± 5 ms back", uneven);
        }

        Console.WriteLine($"\n{Machine.Describe()}. Load {Machine.Load()} at the end.");
    }

    private async Task RowAsync(FarSide side, string? change, string way, string? profile)
    {
        using var clock = change is null ? null : new FakeClock(change);
        using var farm = new SshFarm(folder, profile is null ? HostCount : LinkedHosts, side.Shell, side.HasPerl, Environment(side, clock), profile is null ? null : [program, "--profile", profile]);
        await using var lab = SshLab.Open(farm.KnownHosts, "none", SystemClock.Shared, TimeProvider.System, patience: TimeSpan.FromMinutes(1));
        List<long> errors = [], bounds = [];
        for (var time = 0; time < times; time++)
        {
            var hosts = Enumerable.Range(1, profile is null ? HostCount : LinkedHosts);
            var shells = await Task.WhenAll(hosts.Select(i => SshShell.ConnectAsync(side.Target(farm, $"host-{i}", i), lab, CancellationToken.None)));
            var before = clock?.Read() ?? (0, 0);
            var clocks = await Task.WhenAll(shells.Select(s => ClockProbe.MeasureAsync(s, TimeProvider.System, CancellationToken.None)));
            var after = clock?.Read() ?? (1, 0);
            errors.AddRange(clocks.Select(c => Math.Abs(c.OffsetNs - FakeClock.At(before, after, c.AtNs))));
            bounds.AddRange(clocks.Select(c => c.BoundNs));
            Console.Error.WriteLine(string.Join(' ', clocks.Select(c => string.Create(CultureInfo.InvariantCulture, $"{(c.OffsetNs - FakeClock.At(before, after, c.AtNs)) / 1e3:+0;-0}({c.RoundTripNs / 1e3:0},{c.Samples})"))));
            await Task.WhenAll(shells.Select(s => s.DisposeAsync().AsTask()));
        }

        var outside = errors.Zip(bounds).Count(c => c.First > c.Second);
        Console.WriteLine($"| {side.Name} | {(change is null ? "right" : $"`{change}`")} | {way} | {errors.Count} | {Quantiles.Us(errors, 0.5)} | {Quantiles.Us(errors, 0.9)} | {Quantiles.Us(errors, 1)} | {Quantiles.Us(bounds, 0.5)} | {Quantiles.Us(bounds, 1)} | {outside} of {errors.Count} |");
    }

    /// <summary>What makes the clock wrong for who logs in.</summary>
    private Dictionary<string, string> Environment(FarSide side, FakeClock? clock)
    {
        if (clock is null)
        {
            return [];
        }

        var all = new Dictionary<string, string>(clock.Environment);
        foreach (var (name, value) in side.Agent is null ? new Dictionary<string, string>() : FakeClock.OwnProgram(folder))
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>A link whose delay is spread evenly by 5 ms to either side.</summary>
    private string Profile(string name, int thereMs, int backMs)
    {
        var file = Path.Combine(folder, name + ".yaml");
        File.WriteAllText(file, $"version: 1\nname: {name}\nsource: chosen\nup: {{ delay: {thereMs - 5}ms, jitter: 10ms }}\ndown: {{ delay: {backMs - 5}ms, jitter: 10ms }}\n");
        return file;
    }
}
