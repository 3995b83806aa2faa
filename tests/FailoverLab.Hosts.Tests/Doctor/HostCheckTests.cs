using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>Each check on answers written down: good, bad, absent.</summary>
public sealed class HostCheckTests
{
    private static readonly HostSubject Lab = new() { Host = new HostPlan("local", HostTransport.Local, ""), IsHere = true, HasEmbeddedLab = true, ReportsFolder = "/srv/reports", Remotes = [("a", "/k")] };

    [TestCase("unshare -r -n tc*", 0, "", LinkDriver.Netem, FindingStatus.Ok)]
    [TestCase("unshare -r -n tc*", 2, "Error: Specified qdisc kind is unknown.", LinkDriver.Netem, FindingStatus.Bad)]
    [TestCase("unshare -r -n tc*", 2, "Error: Specified qdisc kind is unknown.", LinkDriver.Nft, FindingStatus.Note)]
    [TestCase("unshare -r -n tc*", 1, "unshare: unshare failed: Operation not permitted", LinkDriver.Netem, FindingStatus.Unknown)]
    public async Task Netem_ByTrial_RefusedOnlyWhereALinkNeedsIt(string command, int status, string output, LinkDriver driver, FindingStatus expected) =>
        Assert.That((await new Answers((command, status, output)).JudgeAsync(new NetemCheck(), Answers.Remote(Answers.Link(driver)))).Single().Status, Is.EqualTo(expected));

    [TestCase("Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 10 5 9000000 45% /", FindingStatus.Ok, "8.6 GiB free on / (45% used)")]
    [TestCase("Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 10 5 1000000 45% /", FindingStatus.Note, "1.0 GiB")]
    [TestCase("Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 10 5 1000 99% /", FindingStatus.Bad, "0.0 GiB")]
    [TestCase("nonsense", FindingStatus.Unknown, "df")]
    public async Task Disk_BySpaceLeft_Judged(string output, FindingStatus expected, string evidence)
    {
        var finding = (await new Answers(("df*", 0, output)).JudgeAsync(new DiskCheck(), Answers.Remote())).Single();
        Assert.That(finding.Status, Is.EqualTo(expected));
        Assert.That(finding.Evidence, Does.Contain(evidence));
    }

    [TestCase("C0000201,192.0.2.1,2,1700000000.1,0.000012345,0.1,0.1,-12.5,0.0,0.1,0.01,0.01,64.0,Normal", FindingStatus.Ok, "chrony follows 192.0.2.1, stratum 2, +12.3 us by its own estimate, -12.50 ppm")]
    [TestCase("00000000,,0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,Not synchronised", FindingStatus.Note, "follows nothing")]
    public async Task Time_ByChrony_ItsOwnFigures(string line, FindingStatus expected, string evidence)
    {
        var finding = (await new Answers(("chronyc -n -c tracking", 0, line)).JudgeAsync(new TimeSyncCheck(), Answers.Remote())).Single();
        Assert.That((finding.Status, finding.Evidence), Is.EqualTo((expected, evidence)).Or.EqualTo((expected, "chrony runs, but " + evidence)));
    }

    [TestCase("yes", FindingStatus.Ok)]
    [TestCase("no", FindingStatus.Note)]
    [TestCase("?", FindingStatus.Unknown)]
    public async Task Time_WithoutChrony_SystemdsWord(string word, FindingStatus expected) =>
        Assert.That((await new Answers(("timedatectl*", 0, word)).JudgeAsync(new TimeSyncCheck(), Answers.Remote())).Single().Status, Is.EqualTo(expected));

    [TestCase("OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19", FindingStatus.Ok)]
    [TestCase("OpenSSH_8.0p1", FindingStatus.Note)]
    [TestCase("OpenSSH_7.4p1", FindingStatus.Bad)]
    [TestCase("Dropbear v2022", FindingStatus.Unknown)]
    public async Task SshClient_ByVersion_Judged(string version, FindingStatus expected) =>
        Assert.That((await new Answers(("ssh -V", 0, version)).JudgeAsync(new SshClientCheck(), Lab)).Single().Status, Is.EqualTo(expected));

    [TestCase("0", "dumpcap*", FindingStatus.Ok)]
    [TestCase("0", "tcpdump*", FindingStatus.Ok)]
    [TestCase("1000", "tcpdump*", FindingStatus.Note)]
    [TestCase("1000", "nothing", FindingStatus.Note)]
    public async Task Captures_ByToolAndUser_Judged(string user, string tool, FindingStatus expected) =>
        Assert.That((await new Answers(("id -u", 0, user), (tool, 0, "v1")).JudgeAsync(new CaptureCheck(), Answers.Remote())).Single().Status, Is.EqualTo(expected));

    [TestCase("-d", "-w", FindingStatus.Ok)]
    [TestCase("-d", "-x", FindingStatus.Bad)]
    public async Task Reports_FolderThere_WritableOrRefused(string is1, string is2, FindingStatus expected) =>
        Assert.That((await new Answers(($"test {is1} /srv/reports", 0, ""), ($"test {is2} /srv/reports", 0, ""), ("test*", 1, "")).JudgeAsync(new ReportsFolderCheck(), Lab)).Single().Status, Is.EqualTo(expected));

    [Test]
    public async Task LinkTools_SerialSocketAndInterfaceAbsent_EachSaidWithItsCommand()
    {
        var findings = await new Answers(("tc -V", 0, "tc utility, iproute2-6.1"), ("ip link show dev eth1", 0, ""), ("ip link show dev eth2", 1, "does not exist"), ("test -S*", 1, ""))
            .JudgeAsync(new LinkToolsCheck(), Answers.Remote(Answers.Link(LinkDriver.Wanulator)));
        Assert.That(findings.Where(f => f.Status == FindingStatus.Bad).Select(f => f.Evidence), Is.EqualTo(new[] { "link 'sl1': there is no interface 'eth2'", "link 'sl1': there is no socket /run/103.serial0" }));
        Assert.That(findings[^1].Fix, Does.StartWith("give the machine a serial line"));
    }

    [Test]
    public async Task AskAsync_EveryCheckOnAHostThatAnswersNothing_UnknownOrRefusedNeverOk()
    {
        foreach (var check in HostExamination.All)
        {
            foreach (var subject in new[] { Lab, Answers.Remote(Answers.Link(LinkDriver.Nft)) })
            {
                var findings = HostExamination.Judge(new HostSnapshot(subject, new Dictionary<string, ShellResult>()), [check]);
                var hollow = findings.Where(f => f.Status == FindingStatus.Ok && check.Questions(subject).Count > 0).ToList();
                Assert.That(hollow, Is.Empty, check.Name);
            }
        }

        await Task.CompletedTask;
    }

    [Test]
    public async Task AskAsync_AllChecksTogether_NoQuestionTwiceAndNoneThatChangesAnything()
    {
        var shell = new Answers();
        await HostExamination.AskAsync(Lab, shell, HostExamination.All, CancellationToken.None);
        await HostExamination.AskAsync(Answers.Remote(Answers.Link(LinkDriver.Wanulator)), shell, HostExamination.All, CancellationToken.None);
        Assert.That(shell.Asked.Count, Is.GreaterThan(25));
        Assert.That(shell.Asked.Where(a => (a.Contains(" add ", StringComparison.Ordinal) || a.Replace("set -- ", "", StringComparison.Ordinal).Contains(" set ", StringComparison.Ordinal) || a.Contains(" del ", StringComparison.Ordinal)) && !a.StartsWith("unshare -r -n ", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task AskAsync_ThisMachine_EveryCheckFindsSomething()
    {
        var here = new HostSubject { Host = new HostPlan("local", HostTransport.Local, ""), IsHere = true, HasEmbeddedLab = true, ReportsFolder = Path.GetTempPath() };
        await using var shell = new LocalShell("local");
        var findings = HostExamination.Judge(await HostExamination.AskAsync(here, shell, HostExamination.All, CancellationToken.None), HostExamination.All);
        foreach (var finding in findings)
        {
            TestContext.Out.WriteLine($"{finding.Status} {finding.Check}: {finding.Evidence}");
        }

        Assert.That(findings.Select(f => f.Check), Is.SupersetOf(new[] { "tools", "disk", "cores", "clock source", "real time", "netem", "tun", "namespaces", "reports", "captures" }));
        Assert.That(findings.Single(f => f.Check == "reports").Status, Is.EqualTo(FindingStatus.Ok));
        Assert.That(findings, Has.All.Matches((Finding? f) => f!.Evidence.Length > 0 && (f.Status != FindingStatus.Bad || f.Fix is not null)));
    }
}
