using FailoverLab.Linux;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>What <c>hosts check</c> and <c>hosts clock</c> say, by hand and over a real sshd.</summary>
public sealed class ReachFindingsTests
{
    [TestCase(SshFailureKind.UnknownName, "name")]
    [TestCase(SshFailureKind.Refused, "port")]
    [TestCase(SshFailureKind.KeyChanged, "host key")]
    [TestCase(SshFailureKind.Authentication, "login")]
    [TestCase(SshFailureKind.NoShell, "shell")]
    [TestCase(SshFailureKind.NoClient, "ssh client")]
    public void Failed_EachKind_NamesTheStepOfTheWay(SshFailureKind kind, string step) =>
        Assert.That(ReachFindings.Failed(new SshFailure(kind, "h", "seen", "do")), Is.EqualTo(new Finding("h", step, FindingStatus.Bad, "seen", "do")));

    [Test]
    public void Judge_ClockOverItsLimit_Refused()
    {
        var good = new ClockEstimate(0, -12_300, -20_000, -4_000, 61_000, 64);
        var clock = new MeasuredClock("h", good, good with { AtNs = 2_000_000_000, OffsetNs = -9_300 }, "chrony follows x");
        Assert.Multiple(() =>
        {
            Assert.That(clock.DriftPpm, Is.EqualTo(1.5).Within(1e-9));
            Assert.That(clock.Judge(1_000_000).Status, Is.EqualTo(FindingStatus.Ok));
            Assert.That(clock.Judge(1_000).Status, Is.EqualTo(FindingStatus.Bad));
            Assert.That((clock with { Keeper = null }).Judge(1_000_000).Status, Is.EqualTo(FindingStatus.Note));
            Assert.That(new MeasuredClock("h", good with { LowNs = 5, HighNs = -5 }, null, "x").Judge(1_000_000).Status, Is.EqualTo(FindingStatus.Bad));
            Assert.That(clock.ToString(), Does.StartWith("offset -9.3 us ± 10.7 us, drift +1.50 ppm ± 9.50, round trip 61.0 us, 64 exchanges; chrony follows x"));
        });
    }

    [Test]
    public async Task Reached_RealSshd_OneLineWithWhatIsThereAndItsClock()
    {
        await using var server = await SshServer.StartAsync();
        var host = new HostPlan("lab-host", HostTransport.Ssh, "") { Ssh = new SshPlan { Address = "127.0.0.1", Port = server.Port, Identity = server.Key, KnownHosts = server.KnownHosts } };
        await using var shells = new SshHosts(server.KnownHosts, SystemClock.Shared, TimeProvider.System);
        await using var shell = await shells.ConnectAsync(host, CancellationToken.None);
        var subject = new HostSubject { Host = host, Links = [Answers.Link(LinkDriver.Nft, "lo", "lo")] };
        var reached = ReachFindings.Reached(await HostExamination.AskAsync(subject, shell, ReachFindings.Checks, CancellationToken.None), shell.Facts, TimeSpan.FromMilliseconds(7));
        var path = HostExamination.Judge(await HostExamination.AskAsync(subject, shell, [new ManagementPathCheck()], CancellationToken.None), [new ManagementPathCheck()]).Single();
        var clock = new MeasuredClock(host.Name, await ClockProbe.MeasureAsync(shell, TimeProvider.System, CancellationToken.None), null, null);
        Assert.Multiple(() =>
        {
            Assert.That(reached.Status, Is.Not.EqualTo(FindingStatus.Bad), reached.Evidence);
            Assert.That(reached.Evidence, Does.StartWith("logged in in 7 ms as root; Linux ").And.Contain("tools ").And.Contain(" ip").And.Contain("GiB free").And.Contain("clock source "));
            Assert.That(path.Status, Is.EqualTo(FindingStatus.Bad), "commands arrive by lo, which is an end of the link");
            Assert.That(path.Evidence, Does.Contain("leaves by lo"));
            Assert.That(clock.First.LowNs, Is.LessThanOrEqualTo(0), "one and the same clock: its offset is 0");
            Assert.That(clock.First.HighNs, Is.GreaterThanOrEqualTo(0));
        });
    }

    [Test]
    public async Task ConnectAsync_NothingListens_RefusedAtThePort()
    {
        if (!File.Exists("/usr/bin/ssh"))
        {
            Assert.Ignore("needs /usr/bin/ssh");
        }

        var directory = Directory.CreateTempSubdirectory("failoverlab-").FullName;
        await using var shells = new SshHosts(Path.Combine(directory, "known_hosts"), SystemClock.Shared, TimeProvider.System);
        var host = new HostPlan("gone", HostTransport.Ssh, "") { Ssh = new SshPlan { Address = "127.0.0.1", Port = 1 } };
        var failure = await Assert.ThrowsAsync<SshException>(async () => await shells.ConnectAsync(host, CancellationToken.None));
        Assert.That(ReachFindings.Failed(failure!.Failure).Check, Is.EqualTo("port"));
        Directory.Delete(directory, recursive: true);
    }
}
