using FailoverLab.Scenarios;

namespace FailoverLab.Hosts.Tests;

/// <summary>The proof that commands do not arrive over the link they degrade.</summary>
public sealed class ManagementPathTests
{
    private const string Interfaces = """
        [{"ifname":"lo"},{"ifname":"eth0"},{"ifname":"eth1","master":"br0"},{"ifname":"eth2"},{"ifname":"br0"},{"ifname":"eth2.7","link":"eth2"},{"ifname":"bond0"},{"ifname":"eth3","master":"bond0"},{"ifname":"br1"},{"ifname":"bond0.9","link":"bond0","master":"br1"}]
        """;

    [TestCase("eth0", null, FindingStatus.Ok, "which no link of this host uses (eth1, eth2)")]
    [TestCase("eth0", "192.0.2.1", FindingStatus.Ok, "which no link of this host uses")]
    [TestCase("eth2", null, FindingStatus.Bad, "leaves by eth2, which is an end of link 'sl1'")]
    [TestCase("br0", null, FindingStatus.Bad, "leaves by br0, over eth1")]
    [TestCase("eth2.7", null, FindingStatus.Bad, "leaves by eth2.7, over eth2")]
    [TestCase("br1", null, FindingStatus.Ok, "leaves by br1")]
    public async Task Judge_HostThatCarriesALink_ProvenOrRefused(string device, string? gateway, FindingStatus status, string evidence)
    {
        var finding = await JudgeAsync(Answers.Remote(Answers.Link()), device, gateway);
        Assert.That(finding.Status, Is.EqualTo(status));
        Assert.That(finding.Evidence, Does.Contain(evidence));
        Assert.That(finding.Fix is not null, Is.EqualTo(status == FindingStatus.Bad));
    }

    [Test]
    public async Task Judge_BridgeOverVlanOverBond_FoundThroughAllLayers()
    {
        var finding = await JudgeAsync(Answers.Remote(Answers.Link(lan: "eth3", wan: "eth2")), "br1", null);
        Assert.That(finding.Status, Is.EqualTo(FindingStatus.Bad));
        Assert.That(finding.Evidence, Does.Contain("leaves by br1, over eth3"));
    }

    [Test]
    public async Task Judge_HostWithoutLinkBehindAGateway_SaidToBeUnknown()
    {
        var finding = await JudgeAsync(Answers.Remote(), "eth0", "192.0.2.1");
        Assert.That(finding.Status, Is.EqualTo(FindingStatus.Unknown));
        Assert.That(finding.Evidence, Does.Contain("through 192.0.2.1").And.Contain("cannot be seen"));
    }

    [Test]
    public async Task Judge_HostWithoutLinkOnTheSameNetwork_Ok() =>
        Assert.That((await JudgeAsync(Answers.Remote(), "eth0", null)).Status, Is.EqualTo(FindingStatus.Ok));

    [Test]
    public async Task Judge_LinkWhoseInterfacesAreNotSaid_Refused()
    {
        var finding = await JudgeAsync(Answers.Remote(Answers.Link(LinkDriver.Wanulator, null, null)), "eth0", null);
        Assert.That((finding.Status, finding.Fix), Is.EqualTo((FindingStatus.Bad, "add 'lan' and 'wan' to the link")));
    }

    [TestCase("sh -c*")]
    [TestCase("ip -json link show")]
    [TestCase("ip -json route get*")]
    public async Task Judge_AnswerMissing_RefusedWhereALinkHangsOnItAndUnknownElsewhere(string missing)
    {
        var answers = Good("eth0", null).Where(a => a.Command != missing).ToArray();
        var withLink = (await new Answers(answers).JudgeAsync(new ManagementPathCheck(), Answers.Remote(Answers.Link()))).Single();
        var without = (await new Answers(answers).JudgeAsync(new ManagementPathCheck(), Answers.Remote())).Single();
        Assert.That((withLink.Status, without.Status), Is.EqualTo((FindingStatus.Bad, FindingStatus.Unknown)));
        Assert.That(withLink.Evidence, Does.StartWith("not proven: "));
    }

    [TestCase("{}")]
    [TestCase("not json")]
    [TestCase("[]")]
    [TestCase("[{\"dev\":7}]")]
    public async Task Judge_GarbageForAnAnswer_Refused(string garbage)
    {
        var answers = Good("eth0", null).Select(a => a.Command.StartsWith("ip -json route", StringComparison.Ordinal) ? (a.Command, 0, garbage) : a).ToArray();
        Assert.That((await new Answers(answers).JudgeAsync(new ManagementPathCheck(), Answers.Remote(Answers.Link()))).Single().Status, Is.EqualTo(FindingStatus.Bad));
    }

    [TestCase("203.0.113.9 50000 192.0.2.7 22", "ip -json route get 203.0.113.9 from 192.0.2.7")]
    [TestCase("::ffff:203.0.113.9 50000 ::ffff:192.0.2.7 22", "ip -json route get 203.0.113.9 from 192.0.2.7")]
    [TestCase("fe80::1%eth0 50000 fe80::2%eth0 22", "ip -json route get fe80::1 from fe80::2")]
    public async Task FurtherQuestions_CallerOfEachForm_KernelIsAskedForJustTheseEnds(string connection, string question)
    {
        var shell = new Answers(("sh -c*", 0, connection));
        await shell.JudgeAsync(new ManagementPathCheck(), Answers.Remote(Answers.Link()));
        Assert.That(shell.Asked, Does.Contain(question));
    }

    [Test]
    public async Task FurtherQuestions_HostileVariable_AsksNothing()
    {
        var shell = new Answers(("sh -c*", 0, "$(reboot) 1 -o 2"));
        await shell.JudgeAsync(new ManagementPathCheck(), Answers.Remote(Answers.Link()));
        Assert.That(shell.Asked, Has.None.StartsWith("ip -json route"));
    }

    /// <summary>What a run asks before it changes a link; also where sudo, or whatever else starts the shell, keeps the variable back.</summary>
    [TestCase("")]
    [TestCase("env -u SSH_CONNECTION dash \"$@\"; exit")]
    public async Task RequireAsync_RealSshd_LinkOnTheWayIsRefusedAndOthersAreNot(string before)
    {
        await using var server = await SshServer.StartAsync(before: before);
        await using var lab = server.Lab();
        await using var shell = await SshShell.ConnectAsync(server.Target(), lab, CancellationToken.None);
        var host = Answers.Remote().Host;

        var refusal = await Assert.ThrowsAsync<StepHostException>(() => ManagementPath.RequireAsync(host, [Answers.Link(LinkDriver.Nft, "lo", "eth1")], shell, CancellationToken.None));

        Assert.That(refusal!.Message, Does.Contain("management path: the way back to 127.0.0.1 leaves by lo, which is an end of link 'sl1'").And.Contain("reach this host over another interface"));
        Assert.That(() => ManagementPath.RequireAsync(host, [Answers.Link()], shell, CancellationToken.None), Throws.Nothing);
    }

    private static async Task<Finding> JudgeAsync(HostSubject subject, string device, string? gateway) =>
        (await new Answers(Good(device, gateway)).JudgeAsync(new ManagementPathCheck(), subject)).Single();

    private static (string Command, int Status, string Output)[] Good(string device, string? gateway) =>
    [
        ("sh -c*", 0, "203.0.113.9 50000 192.0.2.7 22\n"),
        ("ip -json link show", 0, Interfaces),
        ("ip -json route get*", 0, $"[{{\"dst\":\"203.0.113.9\",{(gateway is null ? "" : $"\"gateway\":\"{gateway}\",")}\"dev\":\"{device}\"}}]"),
    ];
}
