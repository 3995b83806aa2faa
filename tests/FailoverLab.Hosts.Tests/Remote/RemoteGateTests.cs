using FailoverLab.Linux;

namespace FailoverLab.Hosts.Tests;

/// <summary>Programs at gates of far sides on this machine.</summary>
public sealed class RemoteGateTests
{
    private static readonly ShellCommand Program = new("sh", "-c", "IFS= read -r g || { echo called off; exit 9; }; echo \"<$g>\"; date +%s%N; exit 3");

    [TestCaseSource(typeof(FarShell), nameof(FarShell.All))]
    public async Task End_AtItsInstant_StampsAreTheHostsAndInOrder(string shell)
    {
        await using var session = await FarShell.OpenAsync(shell);
        var atNs = SystemClock.Shared.RealtimeNs + 400_000_000;
        await using var gate = await BeginAsync(session, atNs);
        var end = await gate.EndAsync();

        var lines = end.Result.Output.Trim().Split('\n');
        Assert.That((lines[0], end.Result.Status), Is.EqualTo(("<go>", 3)));
        var actedNs = lines[1].EndsWith('N') ? end.EndedNs : long.Parse(lines[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(end.EndedNs, Is.GreaterThanOrEqualTo(atNs + end.OffsetNs), "nothing was done before the instant, by the host's own clock");
        Assert.That((end.OpenedNs <= actedNs, actedNs <= end.EndedNs + session.ResolutionNs), Is.EqualTo((true, true)));
        Assert.That(Math.Abs(end.OffsetNs), Is.LessThanOrEqualTo(end.BoundNs + session.ResolutionNs), "one machine, one clock");
    }

    [TestCaseSource(typeof(FarShell), nameof(FarShell.All))]
    public async Task End_InstantHasPassed_OpensAtOnce(string shell)
    {
        await using var session = await FarShell.OpenAsync(shell);
        await using var gate = await BeginAsync(session, SystemClock.Shared.RealtimeNs - 1_000_000_000);

        Assert.That((await gate.EndAsync()).Result.Output, Does.StartWith("<go>"));
    }

    [TestCaseSource(typeof(FarShell), nameof(FarShell.All))]
    public async Task End_TwoGatesOfOneInstant_BothOpen(string shell)
    {
        await using var session = await FarShell.OpenAsync(shell);
        var atNs = SystemClock.Shared.RealtimeNs + 600_000_000;
        await using var one = await BeginAsync(session, atNs);
        await using var two = await BeginAsync(session, atNs);
        var ends = await Task.WhenAll(one.EndAsync(), two.EndAsync());

        Assert.That(ends.Select(e => e.Result.Output.Split('\n')[0]), Is.All.EqualTo("<go>"));
        Assert.That(ends.Select(e => e.EndedNs >= atNs + e.OffsetNs), Is.All.True);
    }

    [TestCaseSource(typeof(FarShell), nameof(FarShell.All))]
    public async Task Dispose_BeforeItsInstant_NothingIsDoneAndTheSessionGoesOn(string shell)
    {
        await using var session = await FarShell.OpenAsync(shell);
        var file = Path.GetTempFileName();
        var atNs = SystemClock.Shared.RealtimeNs + 1_000_000_000;
        var gate = await BeginAsync(session, atNs, new ShellCommand("sh", "-c", "IFS= read -r g && echo acted >\"$1\"", "sh", file));
        await gate.DisposeAsync();
        await using var later = await BeginAsync(session, atNs + 100_000_000);

        Assert.That((await later.EndAsync()).Result.Status, Is.EqualTo(3), "whatever the far side says of the first one, it is no fault");
        Assert.That(await File.ReadAllTextAsync(file), Is.Empty);
        File.Delete(file);
    }

    private static Task<RemoteGate> BeginAsync(RemoteSession session, long atNs, ShellCommand? program = null) =>
        RemoteGate.BeginAsync("far", session, SystemClock.Shared, TimeProvider.System, program ?? Program, atNs, CancellationToken.None);
}
