using FailoverLab.Hosts;
using FailoverLab.Proxmox;
using FailoverLab.Proxmox.Testing;
using FailoverLab.Scenarios;

namespace FailoverLab.PveDriver.Tests;

/// <summary>What <c>doctor</c> says of hosts of Proxmox VE.</summary>
public sealed class PveExaminationTests
{
    [Test]
    public async Task Judge_OfAGoodHost_IsGood()
    {
        await using var host = await FakePve.StartAsync();
        var findings = await ExamineAsync(host, Link(101, 0), Link(103, 1));
        Assert.That(findings.Select(f => f.Status), Is.All.EqualTo(FindingStatus.Ok));
        Assert.That(findings.Select(f => f.Evidence), Is.EqualTo(new[]
        {
            "reached and trusted; Proxmox VE 9.1.3", "VM.Audit, VM.Config.Network on /vms/101", "VM.Audit, VM.Config.Network on /vms/103",
            "link l101: machine 101 runs, net0 is on vmbr2, plugged in", "link l103: machine 103 runs, net1 is on vmbr8, plugged in",
        }));
        Assert.That(host.Requests.Select(r => r.Method), Is.All.EqualTo("GET"));
    }

    [Test]
    public async Task Judge_OfAHostWithFaults_NamesEachWithItsFix()
    {
        await using var host = await FakePve.StartAsync();
        host.Missing.Add("VM.Config.Network");
        host.Machines[101].IsRunning = false;
        host.Machines[102].Config["net0"] += ",link_down=1";
        host.Machines[103].Lock = "backup";
        var findings = await ExamineAsync(host, Link(101, 0), Link(102, 0), Link(103, 0), Link(103, 7), Link(199, 0));
        var bad = findings.Where(f => f.Status == FindingStatus.Bad).ToList();
        Assert.That(bad.Count(f => f.Evidence.StartsWith("VM.Config.Network missing on /vms/", StringComparison.Ordinal)), Is.EqualTo(4));
        Assert.That(bad.Skip(4).Select(f => f.Evidence), Is.EqualTo(new[]
        {
            "link l101: machine 101 does not run", "link l102: machine 102, net0: its plug is pulled already", "link l103: machine 103 is locked (backup): no change would be taken",
            "link l103: machine 103 has no net7", "link l199: machine 199 is not there, or the credential does not see it",
        }));
        Assert.That(bad.Select(f => f.Fix), Has.None.Null);
    }

    [Test]
    public async Task Judge_OfABridgeTheLinkMapDoesNotName_IsANote()
    {
        await using var host = await FakePve.StartAsync();
        var findings = await ExamineAsync(host, Link(101, 0) with { Wan = "vmbr7" });
        Assert.That(findings.Single(f => f.Status == FindingStatus.Note).Evidence, Is.EqualTo("link l101: machine 101, net0 is on vmbr2, the link map names vmbr7"));
    }

    [Test]
    public async Task Judge_OfAHostThatIsAnother_IsItsFault()
    {
        await using var host = await FakePve.StartAsync();
        using var other = FakePve.SelfSigned("other.example");
        using var client = new PveClient(host.TokenEndpoint with { Fingerprint = PveFingerprint.Of(other) }, host.Time);
        var finding = PveExamination.Judge(await PveExamination.AskAsync(client, [Link(101, 0)], CancellationToken.None), [Link(101, 0)]).Single();
        Assert.That((finding.Status, finding.Evidence.Contains("is pinned", StringComparison.Ordinal), finding.Fix!.Contains("pve trust", StringComparison.Ordinal)), Is.EqualTo((FindingStatus.Bad, true, true)));
    }

    private static LinkPlan Link(int vmid, int net) => new() { Name = $"l{vmid}", Path = "p", Driver = LinkDriver.Pve, Host = "here", VmId = vmid, Net = net, Pve = "fake", Profile = new LinkChange() };

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(FakePve host, params LinkPlan[] links)
    {
        using var client = new PveClient(host.TokenEndpoint, host.Time);
        return PveExamination.Judge(await PveExamination.AskAsync(client, links, CancellationToken.None), links);
    }
}
