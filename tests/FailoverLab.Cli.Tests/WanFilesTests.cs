using System.Globalization;

namespace FailoverLab.Cli.Tests;

/// <summary><c>wan learn</c> and <c>wan trace</c>: what they write is what other verbs read.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WanFilesTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-wan-files").FullName;

    [TearDown]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Learn_LogOfPing_WritesAProfileThatCheckTakes()
    {
        var run = await CommandRun.OfAsync("wan", "learn", Log(), "--out", In("my-link.yaml"));
        Assert.That((run.Status, run.Output), Is.EqualTo((0, "")), run.Error);

        var check = await CommandRun.OfAsync("check", In("my-link.yaml"));
        Assert.That(check.Status, Is.Zero, check.Error);
        Assert.That(check.Output, Does.StartWith("profile my-link:").And.Contain("10ms to 14.5ms"));
    }

    [Test]
    public async Task Learn_ToTheStandardOutput_HasANameThatCheckTakes()
    {
        var run = await CommandRun.OfAsync("wan", "learn", Log(), "--out", "-");
        Assert.That(run.Status, Is.Zero, run.Error);

        await File.WriteAllTextAsync(In("learned.yaml"), run.Output);
        var check = await CommandRun.OfAsync("check", In("learned.yaml"));
        Assert.That(check.Status, Is.Zero, check.Error);
    }

    [TestCase("My Log.yaml")]
    [TestCase(".yaml")]
    [TestCase("\u00e9.yaml")]
    public async Task Learn_FileThatNamesNoProfile_IsRefused(string name)
    {
        var run = await CommandRun.OfAsync("wan", "learn", Log(), "--out", In(name));
        Assert.That((run.Status, run.Output), Is.EqualTo(((int)ExitCode.Usage, "")), run.Error);
        Assert.That(run.Error, Does.Contain("is not a profile name"));
        Assert.That(File.Exists(In(name)), Is.False);
    }

    [Test]
    public async Task Learn_LogBeyondTheLimit_SaysThatAndNotThatNoLineIsAProbe()
    {
        using (var file = File.Create(In("big.log")))
        {
            file.SetLength((64 << 20) + 1);
        }

        var run = await CommandRun.OfAsync("wan", "learn", In("big.log"), "--out", In("x.yaml"));
        Assert.That(run.Status, Is.EqualTo((int)ExitCode.InvalidFile));
        Assert.That(run.Error, Does.Contain("longer than 64 MiB").And.Not.Contain("probe"));
    }

    [Test]
    public async Task Trace_ThereAndBack_IsTheSame()
    {
        await File.WriteAllTextAsync(In("a.csv"), "500000,20000000,1000000,0,100\n250000,40000000,0,2147483648,50\n");
        var there = await CommandRun.OfAsync("wan", "trace", In("a.csv"), In("b.csv"));
        var back = await CommandRun.OfAsync("wan", "trace", In("b.csv"), "-", "--to", "theaterq");

        Assert.That((there.Status, back.Status), Is.EqualTo((0, 0)), there.Error + back.Error);
        Assert.That(back.Output, Is.EqualTo(await File.ReadAllTextAsync(In("b.csv"))));
    }

    [Test]
    public async Task Trace_ToAFormWithLessRoom_SaysWhatIsLost()
    {
        await File.WriteAllTextAsync(In("a.csv"), "500000,20000000,1000000,0,100\n");
        var run = await CommandRun.OfAsync("wan", "trace", In("a.csv"), "-", "--to", "mahimahi");

        Assert.That(run.Status, Is.Zero, run.Error);
        Assert.That(run.Error, Does.Contain("have no place in mahimahi's form"));
        Assert.That(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse), Is.Ordered.And.Not.Empty);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private string Log()
    {
        var lines = Enumerable.Range(1, 200).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"[{1_700_000_000 + (i * 0.2):0.000000}] 64 bytes from 192.0.2.1: icmp_seq={i} ttl=55 time={20 + (i % 10)}.0 ms"));
        File.WriteAllLines(In("ping.log"), lines);
        return In("ping.log");
    }
}
