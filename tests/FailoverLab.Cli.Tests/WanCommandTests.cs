using System.Text.Json;
using FailoverLab.Emulator;
using FailoverLab.Linux;
using FailoverLab.Primitives;

namespace FailoverLab.Cli.Tests;

/// <summary><c>wan</c>: between two cables in a network namespace of the test's own.</summary>
public sealed class WanCommandTests
{
    [Test]
    public void Wan_ForAWhile_ForwardsWithDelayAndLogsAndLeavesInterfacesAsFound([Values("log.ndjson", "log.csv")] string name)
    {
        using var space = new CableSpace("");
        var folder = Directory.CreateTempSubdirectory("failoverlab-wan").FullName;
        try
        {
            var log = Path.Combine(folder, name);
            var offloads = () => space.Ip("-d link show dev lan");
            var before = offloads();
            using var site = space.Open("site");
            var stop = false;
            var sender = new Thread(() =>
            {
                var frame = CableSpace.Frame(100);
                while (!Volatile.Read(ref stop))
                {
                    site.Write(frame);
                    SystemClock.Shared.WaitUntil(SystemClock.Shared.MonotonicNs + 1_000_000);
                }
            });
            sender.Start();
            var (status, output, error) = space.Run(() => Run("lan", "wan", "--delay", "5ms", "--loss", "50%", "--seed", "3", "--for", "600ms", "--log", log, "--json"));
            Volatile.Write(ref stop, true);
            sender.Join();

            Assert.That(status, Is.Zero, error);
            var up = JsonDocument.Parse(output).RootElement.GetProperty("up");
            var (forwarded, lost) = (up.GetProperty("forwarded").GetInt64(), up.GetProperty("dropped").GetProperty("loss").GetInt64());
            Assert.That(forwarded, Is.GreaterThan(10));
            Assert.That(lost, Is.GreaterThan(10));
            var lines = File.ReadAllLines(log).Where(l => l.Contains("up", StringComparison.Ordinal)).ToList();
            Assert.That(lines.Count(l => l.Contains("Loss", StringComparison.Ordinal)), Is.EqualTo(lost));
            Assert.That(lines.Count(l => l.Contains("Passed", StringComparison.Ordinal)), Is.EqualTo(forwarded + up.GetProperty("inside").GetInt64()));
            Assert.That(offloads(), Is.EqualTo(before));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Two links of one machine are two links: each has its own fates of one seed, by the names of its interfaces.</summary>
    [TestCase("lan", "wan")]
    [TestCase("far", "site")]
    public void Wan_Seed_DrawsFatesOfThisLinkAlone(string near, string far)
    {
        const int Count = 200;
        using var space = new CableSpace("");
        var folder = Directory.CreateTempSubdirectory("failoverlab-wan").FullName;
        try
        {
            var log = Path.Combine(folder, "log.csv");
            using var site = space.Open(near == "lan" ? "site" : "wan");
            var running = space.Run(() => RunAsync(near, far, "--loss", "50%", "--for", "500ms", "--log", log));
            for (var i = 0; i < Count; i++)
            {
                site.Write(CableSpace.Frame(100));
            }

            var (status, _, error) = running.GetAwaiter().GetResult();
            Assert.That(status, Is.Zero, error);
            var ends = File.ReadAllLines(log).Where(l => l.StartsWith("up,", StringComparison.Ordinal)).Select(l => l.Contains("Loss", StringComparison.Ordinal)).Take(Count).ToList();
            var expected = new LinkPipeline(new() { Loss = new(0.5) }, new SeededRandom(1).Split($"{near}-{far}/up"));
            Assert.That(ends, Has.Count.EqualTo(Count));
            Assert.That(ends, Is.EqualTo(Enumerable.Range(0, Count).Select(_ => !expected.Enqueue(new byte[100], 0))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>30 packets at once wait 240 ms: more than the default queue of 100 ms holds, less than the delay to which it grows.</summary>
    [Test]
    public void Wan_RateAndLongDelay_QueueGrowsToTheDelay()
    {
        const int Count = 30;
        using var space = new CableSpace("");
        using var site = space.Open("site");
        var running = space.Run(() => RunAsync("lan", "wan", "--rate", "1Mbit/s", "--delay", "300ms", "--for", "400ms", "--json"));
        for (var i = 0; i < Count; i++)
        {
            site.Write(CableSpace.Frame(1000));
        }

        var (status, output, error) = running.GetAwaiter().GetResult();
        Assert.That(status, Is.Zero, error);
        var up = JsonDocument.Parse(output).RootElement.GetProperty("up");
        Assert.That(up.GetProperty("dropped").GetProperty("queue").GetInt64(), Is.Zero);
        Assert.That(up.GetProperty("forwarded").GetInt64() + up.GetProperty("inside").GetInt64(), Is.EqualTo(Count));
    }

    [Test]
    public void Wan_InterfaceVanishes_SaysSoAndIsIncomplete()
    {
        using var space = new CableSpace("");
        var deletion = new Thread(() =>
        {
            SystemClock.Shared.WaitUntil(SystemClock.Shared.MonotonicNs + 300_000_000);
            space.Ip("link del dev far");
        });

        // The namespace's own thread is busy forwarding nothing: the command returns at its first wait.
        var running = space.Run(() => RunAsync("lan", "wan", "--for", "20s"));
        deletion.Start();
        var (status, _, error) = running.GetAwaiter().GetResult();
        deletion.Join();
        Assert.That(status, Is.EqualTo((int)ExitCode.Incomplete), error);
        Assert.That(error, Does.Contain("interface wan of link lan-wan vanished"));
    }

    [TestCase(2, "both are lan", "lan", "lan")]
    [TestCase(4, "nothing was started", "lan", "nowhere")]
    [TestCase(2, "--loss takes a percentage", "lan", "wan", "--loss", "150%")]
    [TestCase(2, "--delay takes a duration", "lan", "wan", "--delay", "-5ms")]
    [TestCase(2, "--rate takes a rate", "lan", "wan", "--rate", "0bit/s")]
    [TestCase(3, "", "lan", "wan", "--profile", "no/such/file.yaml")]
    [TestCase(4, "--log", "lan", "wan", "--log", "/no/such/folder/log")]
    public void Wan_BadRequest_IsRefusedBeforeAnythingStarts(int expected, string words, params string[] arguments)
    {
        using var space = new CableSpace("");
        var (status, output, error) = space.Run(() => Run(arguments));
        Assert.That((status, output), Is.EqualTo((expected, "")), error);
        Assert.That(error, Does.Contain(words));
    }

    private static (int Status, string Output, string Error) Run(params string[] arguments) => RunAsync(arguments).GetAwaiter().GetResult();

    private static async Task<(int Status, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var run = await CommandRun.OfAsync(["wan", .. arguments]);
        return (run.Status, run.Output, run.Error);
    }
}
