using System.Buffers.Binary;
using FailoverLab.Linux;
using FailoverLab.Packets;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>A capture on a host with little room: a disk of 66 MiB, of which a quarter may be used.</summary>
public sealed class RingCaptureTests
{
    private const int PingBytes = 60_000;
    private const long Room = 66L << 18;

    [TestCase("dumpcap", "tcpdump", 600, true)]
    [TestCase("tcpdump", "dumpcap", 600, true)]
    [TestCase("dumpcap", "tcpdump", 60, false)]
    [TestCase("tcpdump", "dumpcap", 60, false)]
    public async Task StopAsync_MoreThanThereIsRoomFor_TheLatestIsThereInOrderOfTimeAndTheRestIsCounted(string tool, string missing, int pings, bool hasWrapped)
    {
        if (!File.Exists($"/usr/bin/{tool}") || !File.Exists("/usr/bin/ping") || !Environment.IsPrivilegedProcess)
        {
            Assert.Ignore($"needs root, {tool} and ping");
        }

        await using var here = new LocalShell("here");
        var folder = Directory.CreateTempSubdirectory("failoverlab-ring-").FullName;
        var disk = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;
        if (!(await here.RunAsync(new ShellCommand("mount", "-t", "tmpfs", "-o", "size=66m", "failoverlab-ring", disk), CancellationToken.None)).IsSuccess)
        {
            Directory.Delete(folder, recursive: true);
            Assert.Ignore("no disk of a test's own can be mounted here");
        }

        try
        {
            await using var server = await SshServer.StartAsync(before: $"{ProgramsBut.Of(folder, missing)} TMPDIR={disk}");
            await using var lab = server.Lab();
            var count = await CaptureAsync(server, lab, folder, $"ping -q -i 0.002 -c {pings} -s {PingBytes} 127.0.0.1");
            var file = Path.Combine(folder, count.File);
            var seen = Read(file);

            TestContext.Out.WriteLine($"{tool}: {count.Written} written, {seen.Packets} kept in {new FileInfo(file).Length >> 10} KiB, {count.Dropped} dropped, requests {seen.Requests.FirstOrDefault()} to {seen.Requests.LastOrDefault()}");
            Assert.Multiple(() =>
            {
                Assert.That(count.Fault, Is.Null);
                Assert.That(count.HasWrapped, Is.EqualTo(hasWrapped));
                Assert.That(seen.Packets, hasWrapped ? Is.LessThan(count.Written) : Is.EqualTo(count.Written), "what is gone is counted");
                Assert.That(seen.GoesBack, Is.False, "files are joined in order of time");
                Assert.That(seen.Requests, Is.Ordered);
                Assert.That(seen.DroppedInFile ?? count.Dropped, Is.EqualTo(count.Dropped), "drops are those of the whole capture, not of each file again");
                Assert.That(new FileInfo(file).Length, Is.LessThanOrEqualTo(Room));
                Assert.That(Directory.GetFileSystemEntries(Path.Combine(folder, "captures")), Has.Length.EqualTo(1), "nothing else is left here");
                Assert.That(Directory.GetFileSystemEntries(disk), Is.Empty, "nor there");
                if (hasWrapped)
                {
                    Assert.That(new FileInfo(file).Length, Is.GreaterThan(Room / 8 * 6), "no more than two of eight files are missing");
                    Assert.That(seen.Requests[0], Is.GreaterThan(1));
                }

                else
                {
                    Assert.That(count.Dropped, Is.Zero, "all of it has room in the kernel");
                }

                if (count.Dropped == 0)
                {
                    Assert.That(seen.Requests[^1], Is.EqualTo(pings), "the latest is there");
                    Assert.That(seen.Requests, Is.EqualTo(Enumerable.Range(seen.Requests[0], seen.Requests.Count)), "nothing is missing between");
                }
            });
        }
        finally
        {
            await here.RunAsync(new ShellCommand("umount", disk), CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<CaptureCount> CaptureAsync(SshServer server, SshLab lab, string folder, string command)
    {
        await using var place = new RemoteHost("edge-1", stop => SshShell.ConnectAsync(server.Target(), lab, stop), SystemClock.Shared, TimeProvider.System);
        await place.ArmAsync(Plan(new CaptureStart(["lo"], 65_535), new RunCommand(command, TimeSpan.FromSeconds(60), new Dictionary<string, string>())), folder, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);
        await foreach (var item in place.Events.ReadAllAsync())
        {
            if (item.ExitStatus is { } status)
            {
                Assert.That(status, Is.Zero, item.Text);
                break;
            }
        }

        return (await place.StopAsync()).Single();
    }

    /// <summary>What the joined file holds: every packet, and the numbers of the requests among them, each once.</summary>
    private static (long Packets, List<int> Requests, bool GoesBack, long? DroppedInFile) Read(string file)
    {
        Assert.That(CaptureReader.TryOpen(file, out var reader, out var error), Is.True, error);
        using (reader)
        {
            var (packets, lastNs, goesBack, requests) = (0L, 0L, false, new List<int>());
            while (reader!.TryReadNext(out var packet))
            {
                packets++;
                goesBack |= packet.StampNs < lastNs - 1_000_000;
                lastNs = packet.StampNs;
                if (packet.OriginalLength > PingBytes && packet.Data.Length > 42 && packet.Data[23] == 1 && packet.Data[34] == 8
                    && BinaryPrimitives.ReadUInt16BigEndian(packet.Data[40..]) is var number && (requests.Count == 0 || requests[^1] != number))
                {
                    requests.Add(number);
                }
            }

            Assert.That(reader.Fault, Is.Null);
            var drops = reader.Interfaces.Where(i => i.Dropped is not null).ToList();
            return (packets, requests, goesBack, drops.Count == 0 ? null : drops.Sum(i => i.Dropped));
        }
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
