using FailoverLab.Scenarios;
using FailoverLab.Testing;
using FailoverLab.WanDrivers;

namespace FailoverLab.Benchmarks;

/// <summary>
/// The same delay asked of the kernel's netem. Where this kernel has none it runs in a machine emulated without hardware help, which is netem's handicap
/// and is in the row beside it as the machine's own delay. Needs root, QEMU and the cached kernel of the tests.
/// </summary>
internal static class WanNetemBenchmark
{
    private const int PerSecond = 2_000;

    /// <summary>Measures it and prints a row with the ratios.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="oursP50">Our error in the same run, us.</param>
    /// <param name="oursP99">Likewise.</param>
    public static async Task RunAsync(int seconds, double oursP50, double oursP99)
    {
        if (GuestImage.Missing is { } missing)
        {
            WanBenchmark.Row("netem", "beside ours", $"not measured: {missing}", "");
            return;
        }

        using var machine = new GuestMachine(GuestImage.Make());
        await using var shell = new SerialShell("guest", await SerialLine.OpenAsync(machine.SerialPath, CancellationToken.None), TimeProvider.System);
        await using var driver = new NetemDriver("guest", shell, "ens18", "ens19");
        var found = await driver.SnapshotAsync(CancellationToken.None);
        FrameTraffic.Send(machine.Site, machine.Far, PerSecond, PerSecond, 200);
        var bare = Errors(machine, seconds, 0);
        await driver.ApplyAsync(LinkDirection.Up, new LinkChange { Delay = TimeSpan.FromMilliseconds(20) }, CancellationToken.None);
        var netem = Errors(machine, seconds, 20_000_000);
        await driver.UndoAsync(found, CancellationToken.None);
        var text = WanBenchmark.Percentiles(netem);
        var (p50, p99) = (WanBenchmark.At(netem, 0.5) / oursP50, WanBenchmark.At(netem, 0.99) / oursP99);
        WanBenchmark.Row(
            WanBenchmark.Text($"netem in a machine emulated without hardware help, 20 ms, {PerSecond} packets/s of 200 B"),
            "ours is 10 times nearer at p50, 50 at p99",
            WanBenchmark.Text($"{text}; {p50:0} and {p99:0} times ours"),
            $"the machine without delay: {WanBenchmark.Percentiles(bare)}");
    }

    private static List<double> Errors(GuestMachine machine, int seconds, long delayNs) =>
        [.. FrameTraffic.Send(machine.Site, machine.Far, PerSecond * seconds, PerSecond, 200).Arrived.Select(a => (a.DelayNs - delayNs) / 1e3)];
}
