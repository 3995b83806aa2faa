using System.Text.Json;

namespace FailoverLab.Integration.Tests;

/// <summary>Verbs and exit codes as a user meets them.</summary>
public sealed class CommandTests
{
    [Test]
    public async Task Lab_UpExecDown_LeavesNoLab()
    {
        LabTier.Require();
        try
        {
            var up = await ProgramUnderTest.RunAsync("lab", "up");
            Assert.That(up.ExitCode, Is.Zero, up.Error);
            Assert.That(up.Output, Does.StartWith("up in "));

            var address = await ProgramUnderTest.RunAsync("lab", "exec", "endpoint", "--", "ip", "-brief", "address", "show", "dev", "sl1");
            Assert.That(address.Output, Does.Contain("203.0.113.18/28").And.Contain("2001:db8:103::2/64"));

            var ping = await ProgramUnderTest.RunAsync("lab", "exec", "endpoint", "--", "ping", "-c", "2", "-i", "0.2", "-W", "2", "203.0.113.17");
            Assert.That(ping.ExitCode, Is.Zero, "the WAN link forwards: " + ping.Output + ping.Error);

            var unknown = await ProgramUnderTest.RunAsync("lab", "exec", "endpiont", "--", "true");
            Assert.That(unknown.ExitCode, Is.EqualTo(2));
            Assert.That(unknown.Error, Does.Contain("did you mean 'endpoint'?"));
        }
        finally
        {
            await ProgramUnderTest.RunAsync("lab", "down");
        }

        Assert.That((await ProgramUnderTest.RunAsync("lab", "status")).Output, Does.Contain("no lab is up"));
    }

    [Test]
    public async Task Scenario_BadFile_ShowsEveryFaultAndStartsNothing()
    {
        using var runs = new RunFixture();
        var file = runs.Scenario("""
            version: 1
            name: bad
            duration: 5
            steps:
              - { at: 9s, degrade: { link: starlnk-1, dely: 150ms } }
              - { at: 1s, run: { host: trafic, command: "true", timeout: 5s } }
            """);

        var outcome = await ProgramUnderTest.RunAsync("scenario", file, "--out", Path.Combine(runs.Directory, "out"));

        Assert.That(outcome.ExitCode, Is.EqualTo(3));
        Assert.That(outcome.Error, Does.Contain(":3:").And.Contain("'dely'").And.Contain("delay").And.Contain("starlink-1").And.Contain("'traffic'"));
        Assert.That(Directory.Exists(Path.Combine(runs.Directory, "out")), Is.False);
    }

    [TestCase("", TestName = "Scenario_EmptyFile_IsInvalid")]
    [TestCase("version: 1\nname: a\nduration: 5s\nsteps: &x [*x]\n", TestName = "Scenario_CyclicAlias_IsInvalid")]
    [TestCase("version: 1\nname: a\nduration: 5 seconds\nsteps: []\n", TestName = "Scenario_WrongUnit_IsInvalid")]
    [TestCase("version: 1\nname: a\nduration: 5s\nsteps:\n  - { at: 6s, stop: traffic }\n", TestName = "Scenario_StepAfterTheEnd_IsInvalid")]
    [TestCase("[[[[20000]]]]", TestName = "Scenario_DeepNesting_IsInvalid")]
    public async Task Scenario_Invalid_StartsNothing(string yaml)
    {
        using var runs = new RunFixture();
        var text = yaml == "[[[[20000]]]]" ? new string('[', 20_000) : yaml;

        var outcome = await ProgramUnderTest.RunAsync("scenario", runs.Scenario(text), "--out", Path.Combine(runs.Directory, "out"));

        Assert.That(outcome.ExitCode, Is.EqualTo(3), outcome.Error);
        Assert.That(outcome.Error, Does.Contain("FL1").And.Contain("scenario-under-test.yaml").And.Contain("nothing was started"));
        Assert.That(Directory.Exists(Path.Combine(runs.Directory, "out")), Is.False);
    }

    [Test]
    public async Task Scenario_KeepLab_LeavesItUpForALook()
    {
        LabTier.Require();
        using var runs = new RunFixture();
        var file = runs.Scenario("version: 1\nname: short\nduration: 1s\nsteps:\n  - { at: 100ms, degrade: { link: byu, drop: true } }\n");
        try
        {
            var outcome = await ProgramUnderTest.RunAsync("scenario", file, "--keep-lab", "--out", runs.Directory);
            Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);

            var ping = await ProgramUnderTest.RunAsync("lab", "exec", "endpoint", "--", "ping", "-c", "1", "-W", "1", "203.0.113.1");
            Assert.That(ping.ExitCode, Is.Not.Zero, "the link stays as the run left it");
        }
        finally
        {
            await ProgramUnderTest.RunAsync("lab", "down");
        }
    }

    [Test]
    public async Task Scenario_DryRun_PrintsThePlanAndStartsNothing()
    {
        using var runs = new RunFixture();

        var outcome = await ProgramUnderTest.RunAsync("scenario", "starlink-drop", "--dry-run", "--out", runs.Directory);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Error);
        Assert.That(outcome.Output, Does.Contain("starlink-1"));
        Assert.That(Directory.EnumerateFileSystemEntries(runs.Directory), Is.Empty);
    }

    [Test]
    public async Task Plan_Json_IsOneDocument()
    {
        var outcome = await ProgramUnderTest.RunAsync("plan", "test-all", "--json");

        using var document = JsonDocument.Parse(outcome.Output);
        Assert.That(document.RootElement.GetProperty("scenario").GetString(), Is.EqualTo("test-all"));
    }

    [Test]
    public async Task Router_BadConfig_ShowsTheLineAndStartsNothing()
    {
        using var runs = new RunFixture();
        var file = runs.Scenario("server:\n  lisen_port: 51820\n");

        var outcome = await ProgramUnderTest.RunAsync("router", "--config", file);

        Assert.That(outcome.ExitCode, Is.EqualTo(3));
        Assert.That(outcome.Error, Does.Contain("2 |   lisen_port: 51820").And.Contain("nothing was started"));
        Assert.That(outcome.Output, Is.Empty);
    }

    [TestCase("frobnicate")]
    [TestCase("scenario")]
    [TestCase("scenario", "starlink-drop", "--repeat", "0")]
    [TestCase("scenario", "starlink-drop", "--seed", "many")]
    public async Task CommandLine_Wrong_IsUsage(params string[] arguments) =>
        Assert.That((await ProgramUnderTest.RunAsync(arguments)).ExitCode, Is.EqualTo(2));

    [Test]
    public async Task Analyze_NoCapture_IsOneClearError()
    {
        var outcome = await ProgramUnderTest.RunAsync("analyze", "README.md");

        Assert.That(outcome.ExitCode, Is.EqualTo(3));
        Assert.That(outcome.Output + outcome.Error, Does.Contain("README.md"));
    }
}
