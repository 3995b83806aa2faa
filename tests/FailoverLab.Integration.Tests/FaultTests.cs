using System.Diagnostics;
using System.Runtime.Versioning;
using FailoverLab.Linux;
using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>Faults of people, disks and nodes: the run goes on where it can, says so, and nothing is left.</summary>
[SupportedOSPlatform("linux")]
public sealed class FaultTests
{
    private const string ShortRun = """
        version: 1
        name: short-run
        duration: 4s
        steps:
          - { at: 0s, capture: all }
          - { at: 0s, stack: start }
          - { at: 1s, traffic: { between: [traffic, business], families: [ipv4], directions: both, interval: 5ms, size: 64B } }
        """;

    private const string ShortFailover = ShortRun + """

          - { at: 3s, degrade: { link: starlink-1, carrier: false } }
        expect:
          - { metric: working-path, is: starlink-2, to: 3900ms }
        """;

    [Test]
    public async Task Scenario_KilledHard_LeavesNothingBehind()
    {
        LabTier.Require();
        using var runs = new RunFixture();
        var before = Leftovers();
        using var program = ProgramUnderTest.Start("scenario", runs.Scenario(ShortRun), "--out", runs.Directory);
        await UntilAsync(runs, "armed");

        ProcessControl.Kill(program.Id, ProcessControl.KillSignal);
        await program.WaitForExitAsync();

        await AssertSoonAsync(() => Leftovers(), Is.EqualTo(before));
    }

    [TestCase(2, 130)]
    [TestCase(15, 143)]
    public async Task Scenario_Interrupted_WritesThePartialReport(int signal, int expected)
    {
        LabTier.Require();
        using var runs = new RunFixture();
        using var program = ProgramUnderTest.Start("scenario", "starlink-drop", "--out", runs.Directory);
        await UntilAsync(runs, "capture");

        ProcessControl.Kill(program.Id, signal);
        var outcome = await ProgramUnderTest.FinishAsync(program);

        Assert.That(outcome.ExitCode, Is.EqualTo(expected), outcome.Error);
        Assert.That(runs.Result().Verdict, Is.EqualTo(Verdict.Incomplete));
        Assert.That(File.Exists(Path.Combine(runs.Latest, "report.html")));
    }

    [Test]
    public async Task Scenario_NodeDiesMidRun_GoesOnAndSaysSo()
    {
        LabTier.Require();
        using var runs = new RunFixture();
        var scenario = runs.Scenario(ShortRun + """

              - at: 2s
                run: { host: controller, command: "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline | grep -q ' controller [-]-config' && kill -9 ${p#/proc/}; done; true", timeout: 5s }
            """);

        var outcome = await ProgramUnderTest.RunAsync("scenario", scenario, "--out", runs.Directory);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        Assert.That(runs.Events().Where(e => e.Kind == RunEventKind.NodeExit).Select(e => e.Host), Is.EqualTo(new[] { "controller" }));
        Assert.That(runs.Result().Caveats.Select(c => c.Code), Does.Contain("node-ended"));
    }

    /// <summary>A link of the lab loses an interface while it carries packets: it is told, its steps fail, and the other links carry on.</summary>
    [Test]
    public async Task Scenario_InterfaceOfALinkVanishes_SaysSoAndTheOtherLinksGoOn()
    {
        LabTier.Require();
        using var runs = new RunFixture();
        var scenario = runs.Scenario(ShortRun + """

              - at: 1500ms
                run: { host: wan-103, command: "ip link del dev wan", timeout: 5s }
              - { at: 2500ms, name: gone, degrade: { link: starlink-1, loss: 1% } }
              - { at: 2500ms, name: there, degrade: { link: starlink-2, delay: 1ms } }
            """);

        var outcome = await ProgramUnderTest.RunAsync("scenario", scenario, "--out", runs.Directory);

        var events = runs.Events();
        TestContext.Out.WriteLine(outcome.Output + outcome.Error);
        Assert.Multiple(() =>
        {
            Assert.That(events.Where(e => e.Kind == RunEventKind.Fault).Select(e => e.Text), Has.Some.EqualTo("link starlink-1: interface wan of link starlink-1 vanished").And.Some.Contains("link starlink-1 is not running any more"));
            Assert.That(events.Single(e => e.Step == "there").AcknowledgedNs, Is.Not.Null);
            Assert.That(runs.Result().Caveats.Select(c => c.Code), Does.Contain("fault"));
            Assert.That(runs.Result().Failovers.Select(f => f.FromPath), Does.Contain("starlink-1"), "traffic goes on over another link");
        });
    }

    [Test]
    public async Task Scenario_DiskFull_WritesThePartialReport()
    {
        LabTier.RequireRoot();
        using var runs = new RunFixture();
        string[] smallDisk = ["unshare", "--mount", "--", "sh", "-c", $"mount -t tmpfs -o size=9m tmpfs {runs.Directory} && \"$@\"; status=$?; cp -a {runs.Directory}/. \"$KEEP\"; exit $status", "sh"];
        using var kept = new RunFixture();
        Environment.SetEnvironmentVariable("KEEP", kept.Directory);

        var outcome = await ProgramUnderTest.FinishAsync(ProgramUnderTest.StartWrapped(smallDisk, "scenario", "starlink-drop", "--out", runs.Directory));

        Assert.That(outcome.ExitCode, Is.EqualTo(5), outcome.Error);
        Assert.That(kept.Result().Verdict, Is.EqualTo(Verdict.Incomplete));
        Assert.That(kept.Result().Caveats.Select(c => c.Code), Does.Contain("capture-ended"));
        Assert.That(File.Exists(Path.Combine(kept.Latest, "report.html")));
    }

    [Test]
    public async Task Scenario_NamespacesForbidden_IsRefusedWithTheCure()
    {
        var directory = Directory.CreateTempSubdirectory("failoverlab-path-").FullName;
        var unshare = Path.Combine(directory, "unshare");
        await File.WriteAllTextAsync(unshare, "#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2\nexit 1\n");
        File.SetUnixFileMode(unshare, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        using var runs = new RunFixture();

        var outcome = await ProgramUnderTest.FinishAsync(
            ProgramUnderTest.StartWrapped(["env", $"PATH={directory}:{Environment.GetEnvironmentVariable("PATH")}"], "scenario", "starlink-drop", "--out", runs.Directory));

        Assert.That(outcome.ExitCode, Is.EqualTo(4));
        Assert.That(outcome.Error, Does.Contain("Nothing was started").And.Contain("Operation not permitted"));
        Assert.That(Directory.EnumerateFileSystemEntries(runs.Directory), Is.Empty);
    }

    /// <summary>As an ordinary user, with the TUN device as most distributions ship it.</summary>
    [Test]
    public async Task Scenario_WithoutRoot_RunsInAUserNamespace()
    {
        LabTier.RequireRoot();
        using var runs = new RunFixture();
        File.SetUnixFileMode(runs.Directory, (UnixFileMode)0b111_111_111);
        string[] ordinaryUser =
        [
            "unshare", "--mount", "--", "sh", "-c",
            $"d=$(mktemp -d) && mount -t tmpfs -o dev tmpfs $d && mknod $d/tun c 10 200 && chmod 666 $d/tun && mount --bind $d/tun /dev/net/tun && chmod 755 $d && exec setpriv --reuid=65534 --regid=65534 --clear-groups env HOME={runs.Directory} \"$@\"",
            "sh",
        ];

        var outcome = await DecidedRun.MakeAsync(() => ProgramUnderTest.StartWrapped(ordinaryUser, "scenario", runs.Scenario(ShortFailover), "--out", runs.Directory));

        if (outcome.ExitCode == 4)
        {
            Assert.Ignore($"user namespaces are not allowed here: {outcome.Error}");
        }

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        Assert.That(runs.Result().Environment!.Privilege, Is.EqualTo("user namespace"));
    }

    private static async Task UntilAsync(RunFixture runs, string text)
    {
        var file = Path.Combine(runs.Latest, "events.ndjson");
        await AssertSoonAsync(() => File.Exists(file) ? File.ReadAllText(file) : "", Does.Contain(text));
    }

    private static async Task AssertSoonAsync<T>(Func<T> look, NUnit.Framework.Constraints.IResolveConstraint holds)
    {
        var constraint = holds.Resolve();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var looks = 0; looks < 600 && !constraint.ApplyTo(look()).IsSuccess; looks++)
        {
            await timer.WaitForNextTickAsync();
        }

        Assert.That(look(), constraint);
    }

    /// <summary>What a lab could leave on the machine: processes, interfaces, named namespaces, mounts.</summary>
    private static List<string> Leftovers()
    {
        var processes = Process.GetProcesses().Select(CommandLine).Where(l => l.Contains("lab-init", StringComparison.Ordinal));
        var interfaces = Directory.EnumerateDirectories("/sys/class/net").Select(d => Path.GetFileName(d)!);
        var namespaces = Directory.Exists("/run/netns") ? Directory.EnumerateFiles("/run/netns") : [];
        var mounts = File.ReadLines("/proc/self/mounts").Where(l => l.Contains("netns", StringComparison.Ordinal));
        return [.. processes.Concat(interfaces).Concat(namespaces).Concat(mounts).Order(StringComparer.Ordinal)];
    }

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
        finally
        {
            process.Dispose();
        }
    }
}
