namespace FailoverLab.Cli.Tests.Running;

public sealed class StartTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    [TestCase("2026-11-22 08:00:30.25 UTC", 30.25)]
    [TestCase("2026-11-22T08:10:00Z", 600)]
    [TestCase("@1795334401", 1)]
    public async Task ReadAsync_WordsOfDate_AreTheInstant(string words, double seconds)
    {
        var (atNs, fault) = await StartTime.ReadAsync(words, new Fixed(Now));

        Assert.That((atNs, fault), Is.EqualTo(((long?)(1_795_334_400_000_000_000 + (long)(seconds * 1e9)), (string?)null)));
    }

    [Test]
    public async Task ReadAsync_WordsRelativeToNow_AreInTheFuture()
    {
        var (atNs, fault) = await StartTime.ReadAsync("now + 10 min", TimeProvider.System);

        Assert.That(fault, Is.Null);
        Assert.That(atNs, Is.GreaterThan((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100));
    }

    [TestCase("2026-11-22 07:59:59 UTC", "has passed")]
    [TestCase("the day after never", "cannot be read by `date -d`")]
    [TestCase("--set=2000-01-01", "cannot be read by `date -d`")]
    [TestCase("$(reboot)", "cannot be read by `date -d`")]
    public async Task ReadAsync_NoTimeToStartAt_SaysWhy(string words, string why) =>
        Assert.That((await StartTime.ReadAsync(words, new Fixed(Now))).Fault, Does.Contain(why));

    [Test]
    public async Task Scenario_TimeThatHasPassed_IsRefusedBeforeAnything()
    {
        var folder = Directory.CreateTempSubdirectory("failoverlab-time-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "plan.yaml"), "name: x\njobs: [{ host: here, run_after_sec: 0, run_after_min: 0, run_after_hr: 0, commands: [true] }]\n");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "hosts.yaml"), "version: 1\nhosts: { here: { transport: local } }\n");

        var run = await CommandRun.OfAsync("scenario", Path.Combine(folder.FullName, "plan.yaml"), "2001-01-01", "--hosts", Path.Combine(folder.FullName, "hosts.yaml"), "--out", Path.Combine(folder.FullName, "out"));

        Assert.That((run.Status, Directory.Exists(Path.Combine(folder.FullName, "out"))), Is.EqualTo((2, false)), run.Error);
        Assert.That(run.Error, Does.Contain("error: the start time '2001-01-01' has passed"));
        folder.Delete(recursive: true);
    }

    private sealed class Fixed(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
