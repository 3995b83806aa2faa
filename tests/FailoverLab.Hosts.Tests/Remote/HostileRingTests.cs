using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>A host whose list of captured files is made to harm the machine that fetches them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HostileRingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-hostile-").FullName;

    private string There => Path.Combine(_folder, "there");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Text of a program in place of <c>ls</c>: <c>$1</c> is the ring's folder, <c>$VICTIM</c> a file of ours, and the ring's own files have been listed.</summary>
    [TestCase("mkdir -p \"$1${VICTIM%/*}\"; echo theirs >\"$1$VICTIM\"; echo \"$VICTIM\"", "lists what is no file of a ring: /.*/mine", TestName = "StopAsync_HostNamesAnAbsolutePath_NothingElseIsTouched")]
    [TestCase("echo theirs >\"$1/../../mine\"; echo ../../mine", "lists what is no file of a ring: ../../mine", TestName = "StopAsync_HostNamesFilesThatAreNotOfTheRing_NothingElseIsTouched")]
    [TestCase("echo theirs >\"$1/.hidden\"; echo .hidden", "lists what is no file of a ring: .hidden", TestName = "StopAsync_HostNamesAHiddenFile_NothingElseIsTouched")]
    [TestCase("truncate -s 700M \"$1/c_99999_20261122104500.pcap\"; echo c_99999_20261122104500.pcap", "has 734003200 bytes, and [0-9]+ at most are brought here", TestName = "StopAsync_HostHasMoreThanTheRingHasRoomFor_IsNotBrought")]
    [TestCase("/usr/bin/ls \"$1\"", null, TestName = "StopAsync_HostNamesAFileTwice_IsTakenOnce")]
    public async Task StopAsync_HostileList(string more, string? fault)
    {
        if (!(File.Exists("/usr/bin/dumpcap") || File.Exists("/usr/bin/tcpdump")))
        {
            Assert.Ignore("needs dumpcap or tcpdump");
        }

        var victim = Path.Combine(_folder, "mine");
        await File.WriteAllTextAsync(victim, "mine");
        Directory.CreateDirectory(There);
        await WriteLsAsync(more, victim);
        await using var server = await SshServer.StartAsync(before: $"export PATH={_folder}/bin:$PATH TMPDIR={There}");
        await using var lab = server.Lab();
        await using var place = new RemoteHost("edge-1", stop => SshShell.ConnectAsync(server.Target(), lab, stop), SystemClock.Shared, TimeProvider.System);
        await place.ArmAsync(Plan(), _folder, CancellationToken.None);
        await place.SettleAsync(CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs + 1_000_000_000);

        var count = (await place.StopAsync()).Single();

        Assert.Multiple(() =>
        {
            Assert.That(count.Fault, fault is null ? Is.Null : Does.Match(fault));
            Assert.That(File.ReadAllText(victim), Is.EqualTo("mine"));
            Assert.That(Directory.GetFileSystemEntries(Path.Combine(_folder, "captures")).Select(Path.GetFileName), Is.EqualTo(new[] { "edge-1.lo.pcapng" }), "what is whole is kept, and nothing else");
        });
    }

    [TestCase("c_00001_20261122104500.pcap\nc_123456_20261122104501.pcap\n", 2, null)]
    [TestCase("c.pcap0\nc.pcap1\nc.pcap0\n", 2, null)]
    [TestCase("c.pcap\n", 1, null)]
    [TestCase("c.pcap0\n\u0663c.pcap\n", 1, "\u0663c.pcap")]
    [TestCase("c.pcap\u0663\n", 0, "c.pcap\u0663")]
    [TestCase("c_1_2.pcap0\n", 0, "c_1_2.pcap0")]
    [TestCase("c.pcap0\r\n", 0, "c.pcap0\r")]
    [TestCase("c.pcap0/../../x\n", 0, "c.pcap0/../../x")]
    [TestCase("", 0, null)]
    public void Named_WhatAHostLists_OnlyNamesOfARing(string listed, int count, string? other)
    {
        var (names, first) = CaptureFiles.Named(listed);

        Assert.That((names.Count, first), Is.EqualTo((count, other)));
    }

    [Test]
    public void Named_MoreFilesThanARingHas_TheRestIsOther()
    {
        var (names, other) = CaptureFiles.Named(string.Concat(Enumerable.Range(0, 1000).Select(n => $"c.pcap{n}\n")));

        Assert.That((names.Count, other), Is.EqualTo((CaptureRoom.Files + 1, $"c.pcap{CaptureRoom.Files + 1}")));
    }

    /// <summary>It lists a folder as the real one does, and where that is a ring which is not empty, does more.</summary>
    private async Task WriteLsAsync(string more, string victim)
    {
        var ls = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, "ls");
        await File.WriteAllTextAsync(ls, $"#!/usr/bin/dash\nVICTIM={victim}\n/usr/bin/ls \"$@\" | grep ^c\ncase $1 in */capture-lo) [ -z \"$(/usr/bin/ls \"$1\")\" ] || {{ {more}; }} ;; esac\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(ls, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static RunPlan Plan() => new()
    {
        Scenario = "x",
        Description = "",
        Duration = TimeSpan.FromMinutes(1),
        Seed = 1,
        Topology = null,
        Hosts = [],
        Steps = [new StepPlan { Name = "1", Host = "edge-1", At = TimeSpan.Zero, Action = new CaptureStart(["lo"], 80), Command = "", Undo = "", Position = new SourcePosition("scenario.yaml", 1, 1) }],
        Expectations = [],
    };
}
