using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>The failover stack and probe traffic on hosts that are only reached over ssh: scenarios of the embedded lab, unchanged.</summary>
public sealed class StackLabTests
{
    [Explicit("by hand"), Test]
    public async Task Scenario_OfTheEmbeddedLab_RunsOverSsh()
    {
        RealLab.Require();
        await using var lab = await StackLab.StartAsync(Path.Combine(ProgramUnderTest.Root, "hosts.yaml"), hasGuests: Environment.GetEnvironmentVariable("GUESTS") == "1");
        using var runs = new RunFixture();
        TestContext.Out.WriteLine(File.ReadAllText(lab.HostsFile));

        var outcome = await lab.RunAsync("scenario", Environment.GetEnvironmentVariable("SCENARIO") ?? "starlink-drop", "--hosts", lab.HostsFile, "--out", runs.Directory);
        TestContext.Out.WriteLine(outcome.Output + outcome.Error);
        if (Environment.GetEnvironmentVariable("KEEP") is { } keep)
        {
            System.Diagnostics.Process.Start("cp", ["-r", runs.Directory, keep]).WaitForExit();
        }

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
    }
}
