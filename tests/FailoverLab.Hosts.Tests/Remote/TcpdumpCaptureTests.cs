using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>A capture on a host that has no dumpcap.</summary>
public sealed class TcpdumpCaptureTests
{
    [Test]
    public async Task StopAsync_HostWithoutDumpcap_TcpdumpsFileIsFetchedAndCounted()
    {
        if (!File.Exists("/usr/bin/tcpdump") || !File.Exists("/usr/bin/ping"))
        {
            Assert.Ignore("needs tcpdump and ping");
        }

        var folder = Directory.CreateTempSubdirectory("failoverlab-tcpdump-").FullName;
        await using var server = await SshServer.StartAsync(before: ProgramsBut.Of(folder, "dumpcap"));
        await using var lab = server.Lab();
        await using var place = new RemoteHost("edge-1", stop => SshShell.ConnectAsync(server.Target(), lab, stop), SystemClock.Shared, TimeProvider.System);
        await place.ArmAsync(
            Plan(new CaptureStart(["lo"], 80), new RunCommand("ping -c 3 -i 0.05 -s 400 127.0.0.1", TimeSpan.FromSeconds(30), new Dictionary<string, string>())), folder, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);
        await foreach (var item in place.Events.ReadAllAsync())
        {
            if (item is { Kind: RunEventKind.Step, ExitStatus: not null })
            {
                break;
            }
        }

        var count = (await place.StopAsync()).Single();

        Assert.That((count.Fault, count.Dropped), Is.EqualTo(((string?)null, 0)));
        Assert.That(count.Written, Is.GreaterThanOrEqualTo(6));
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, count.File));
        Assert.That(bytes[..4], Is.EqualTo(new byte[] { 0x4d, 0x3c, 0xb2, 0xa1 }), "nanoseconds");
        Assert.That(bytes, Has.Length.InRange(24 + (count.Written * (16 + 40)), 24 + (count.Written * (16 + 80))), "the heads of all packets, no more");
        Directory.Delete(folder, recursive: true);
    }

    private static RunPlan Plan(params StepAction[] actions) => new()
    {
        Scenario = "x",
        Description = "",
        Duration = TimeSpan.FromMinutes(1),
        Seed = 1,
        Topology = null,
        Hosts = [],
        Steps = [.. actions.Select((a, i) => new StepPlan { Name = $"{i}", Host = "edge-1", At = TimeSpan.Zero, Action = a, Command = "", Undo = "", Position = new SourcePosition("scenario.yaml", 1, 1) })],
        Expectations = [],
    };
}
