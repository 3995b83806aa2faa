using System.Runtime.Versioning;
using FailoverLab.Linux;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>A plan of the older form, as it is, over a real sshd.</summary>
[SupportedOSPlatform("linux")]
public sealed class SeedPlanOverSshTests
{
    [Test]
    public async Task FireAsync_JobsOfAnOlderPlan_RunInTheirDirectoryUntilTheFirstFailureOrTheEnd()
    {
        await using var server = await SshServer.StartAsync();
        await using var lab = server.Lab();
        var folder = Directory.CreateTempSubdirectory("failoverlab-seed-").FullName;
        var work = Path.Combine(folder, "it's work");
        await File.WriteAllTextAsync(Path.Combine(folder, "carried.txt"), "carried");
        await File.WriteAllTextAsync(Path.Combine(folder, "hosts.yaml"), "version: 1\nhosts: { edge-1: { transport: ssh } }\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "plan.yaml"), $$"""
            name: "Test All"
            jobs:
              - { host: edge-1, run_after_sec: 0, run_after_min: 0, run_after_hr: 0, workdir: "{{work}}", logfile: one.log, cp_files: [carried.txt], env: { LINK: "103" },
                  commands: ["[[ $LINK == 103 ]]", "cat carried.txt", "echo {a,b} $LINK"] }
              - { host: edge-1, run_after_sec: 1, run_after_min: 0, run_after_hr: 0, workdir: "{{work}}", logfile: two.log, commands: ["echo begun", "false", "echo never"] }
              - { host: edge-1, run_after_sec: 0, run_after_min: 0, run_after_hr: 1, workdir: "{{work}}", commands: ["echo >later"] }
            """);
        var loaded = ScenarioLoader.Load(Path.Combine(folder, "plan.yaml"), Path.Combine(folder, "hosts.yaml"), new ScenarioOverrides());
        Assert.That(loaded.Diagnostics, Is.Empty);
        var failing = loaded.Plan!.Steps[1].Name;
        await using var place = new RemoteHost("edge-1", stop => SshShell.ConnectAsync(server.Target(), lab, stop), SystemClock.Shared, TimeProvider.System);
        await place.ArmAsync(loaded.Plan, folder, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        var startNs = ((SystemClock.Shared.RealtimeNs / 1_000_000_000) + 2) * 1_000_000_000;
        await place.FireAsync(startNs + 500_000_000);
        var ends = new List<RunEvent>();
        await foreach (var item in place.Events.ReadAllAsync())
        {
            if (item.ExitStatus is not null)
            {
                ends.Add(item);
            }

            if (item.Step == failing && item.ExitStatus is not null)
            {
                break;
            }
        }

        await place.StopAsync();

        Assert.That(ends.Select(e => e.ExitStatus), Is.EqualTo((int[])[0, 1]));
        Assert.That(ends[1].Kind, Is.EqualTo(RunEventKind.Fault), "a failure is seen");
        var logs = Directory.GetFiles(work, "*.log.*").Order().ToList();
        Assert.That(logs.Select(l => Path.GetFileName(l)[..8]), Is.EqualTo((string[])["one.log.", "two.log."]));
        Assert.That(await File.ReadAllTextAsync(logs[0]), Is.EqualTo("carrieda b 103\n"));
        Assert.That(await File.ReadAllTextAsync(logs[1]), Is.EqualTo("begun\n"));
        Assert.That(File.Exists(Path.Combine(work, "later")), Is.False, "what had not begun is dropped");
        TestContext.Out.WriteLine($"{logs[0]}, {logs[1]}; start {startNs}");
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Shell_JobLaterThanTheStart_NamesItsLogByTheStart()
    {
        // The clock is one that stands still: what is asked is the second of the plan's start, however late the job runs.
        var folder = Directory.CreateTempSubdirectory("failoverlab-seed-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "date"), "#!/bin/sh\necho 1795334490\n");
        File.SetUnixFileMode(Path.Combine(folder, "date"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(folder, "hosts.yaml"), "version: 1\nhosts: { here: { transport: local } }\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "plan.yaml"), $$"""
            name: x
            jobs: [{ host: here, run_after_sec: 30, run_after_min: 1, run_after_hr: 0, workdir: "{{folder}}", logfile: log, commands: ["echo said"] }]
            """);
        var plan = ScenarioLoader.Load(Path.Combine(folder, "plan.yaml"), Path.Combine(folder, "hosts.yaml"), new ScenarioOverrides()).Plan!;
        await using var shell = new LocalShell("here");

        var result = await shell.RunAsync(
            new ShellCommand("sh", "-c", ((RunCommand)plan.Steps[0].Action).Shell) { Environment = new Dictionary<string, string> { ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}" } },
            CancellationToken.None);

        Assert.That(result.IsSuccess, Is.True, result.Error);
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder, "log.1795334400")), Is.EqualTo("said\n"));
        Directory.Delete(folder, recursive: true);
    }
}
