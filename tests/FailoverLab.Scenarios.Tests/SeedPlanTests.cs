namespace FailoverLab.Scenarios.Tests;

/// <summary>Plans of the older form, as they stand in the labs that use them.</summary>
public sealed class SeedPlanTests
{
    private const string Plan = """
        name: "Test All"
        jobs:
          - host: pve
            run_after_sec: 30
            run_after_min: 1
            run_after_hr: 0
            workdir: /root/it's a test
            logfile: capture.log
            cp_files:
              - gate.yaml
            env:
              LINK: "103"
              EMPTY:
            commands:
              - ./degrade.sh $LINK
              - echo $(date +%s)
          - host: here
            run_after_sec: 0
            run_after_min: 0
            run_after_hr: 0
            workdir: ~/t
            cp_files: [gate.yaml]
            commands: [iperf3 -s]
        """;

    [Test]
    public void Load_OlderPlan_OneCommandForEachJob()
    {
        using var files = new LabFiles(Plan);
        var result = files.Load();
        Assert.That(result.Diagnostics, Is.Empty);
        var plan = result.Plan!;
        var (first, second) = ((RunCommand)plan.Steps[0].Action, (RunCommand)plan.Steps[1].Action);
        Assert.Multiple(() =>
        {
            Assert.That(plan.Scenario, Is.EqualTo("test-all"));
            Assert.That(plan.Description, Is.EqualTo("Test All"));
            Assert.That(plan.Duration, Is.EqualTo(TimeSpan.FromSeconds(150)));
            Assert.That(plan.Topology, Is.Null);
            Assert.That(plan.Steps.Select(s => (s.Host, s.At.TotalSeconds)), Is.EqualTo(new[] { ("here", 0.0), ("pve", 90.0) }));
            Assert.That(plan.Hosts, Does.Contain(new HostPlan("pve", HostTransport.Ssh, "") { Ssh = SshPlan.Alias }));
            Assert.That(first.Shell, Is.EqualTo(InBash($"set -e\nmkdir -p -- \"$HOME\"/'t'\ncd -- \"$HOME\"/'t'\ncp -- '{files["gate.yaml"]}' .\niperf3 -s")));
            Assert.That(second.Shell, Is.EqualTo(InBash("set -e\nmkdir -p -- '/root/it'\\''s a test'\ncd -- '/root/it'\\''s a test'\nexec >> 'capture.log'.\"$(($(date +%s) - 90))\" 2>&1\ncp -- \"$FAILOVERLAB_FILES\"/0/'gate.yaml' .\n./degrade.sh $LINK\necho $(date +%s)")));
            Assert.That(second.CopiedFiles, Is.EqualTo(new[] { files["gate.yaml"] }));
            Assert.That(second.Environment, Is.EqualTo(new Dictionary<string, string> { ["LINK"] = "103", ["EMPTY"] = "" }));
        });
    }

    /// <summary>The words are one argument of the shell that jobs are written for.</summary>
    private static string InBash(string script) => $"exec \"$(command -v bash || command -v sh)\" -c '{script.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [Test]
    public void Load_OlderPlanWithFaults_AllAtOnce()
    {
        using var files = new LabFiles("name: x\njobs:\n  - host: -oProxyCommand=x\n    run_after_sec: 1s\n    run_after_hr: 0\n    commands: []\n");
        Assert.That(files.Faults(), Is.EqualTo(new[]
        {
            "scenario.yaml:3:5: error FL1021: a job lacks the key 'run_after_min'",
            "scenario.yaml:3:11: error FL1027: 'host' '-oProxyCommand=x' is not a host name (1 to 253 of A-Z a-z 0-9 . _ : % -, first a letter, digit or _)",
            "scenario.yaml:4:20: error FL1027: 'run_after_sec' '1s' is not a whole number in 0..86400",
            "scenario.yaml:6:15: error FL1108: the job has no commands",
        }));
    }
}
