using System.Text.Json;
using FailoverLab.Proxmox;
using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Cli.Tests.Pve;

/// <summary><c>doctor</c> on an inventory with endpoints of Proxmox VE.</summary>
public sealed class PveDoctorTests
{
    [Test]
    public async Task Doctor_EndpointsOfTheInventory_AreInTheSameList()
    {
        await using var host = await FakePve.StartAsync();
        var folder = Directory.CreateTempSubdirectory("failoverlab-doctor").FullName;
        Environment.SetEnvironmentVariable("FAKE_PVE_DOCTOR", $"{FakePve.Token}={FakePve.TokenSecret}");
        host.Machines[102].Config["net1"] += ",link_down=1";
        var file = Path.Combine(folder, "hosts.yaml");
        await File.WriteAllTextAsync(file, $$"""
            version: 1
            hosts: { here: { transport: local } }
            pve:
              lab: { url: "{{host.Url.GetLeftPart(UriPartial.Authority)}}", node: pve1, fingerprint: "{{PveFingerprint.Of(host.Certificate)}}", token: "env:FAKE_PVE_DOCTOR" }
              gone: { url: "https://127.0.0.1:1", node: pve1, fingerprint: "{{PveFingerprint.Of(host.Certificate)}}", token: "env:FAKE_PVE_DOCTOR" }
            links:
              starlink-1: { driver: pve, vm: 103, pve: lab, net: 1 }
              starlink-2: { driver: pve, vm: 102, pve: lab, net: 1 }
            """);

        var run = await CommandRun.OfAsync("doctor", "--hosts", file, "--out", folder, "--json");
        var chosen = await CommandRun.OfAsync("doctor", "--hosts", file, "--out", folder, "--host", "here");
        Directory.Delete(folder, recursive: true);

        var findings = JsonDocument.Parse(run.Output).RootElement.EnumerateArray()
            .Select(f => (Host: f.GetProperty("host").GetString(), Text: $"{f.GetProperty("check").GetString()} {f.GetProperty("status").GetString()} {f.GetProperty("evidence").GetString()}")).ToList();
        var lab = findings.Where(f => f.Host == "lab").Select(f => f.Text).ToList();
        Assert.That(lab, Has.Some.StartsWith("pve ok reached and trusted; Proxmox VE "));
        Assert.That(lab, Has.Some.EqualTo("privileges ok VM.Audit, VM.Config.Network on /vms/103"));
        Assert.That(lab, Has.Some.StartsWith("machine ok link starlink-1: machine 103 runs, net1 is on vmbr8"));
        Assert.That(lab, Has.Some.EqualTo("machine bad link starlink-2: machine 102, net1: its plug is pulled already"));
        Assert.That(findings.Where(f => f.Host == "gone").Select(f => f.Text), Has.One.StartsWith("pve bad "));
        Assert.That(findings.Select(f => f.Host), Has.Some.EqualTo("local").And.Some.EqualTo("here"), "hosts are in the list too");
        Assert.That(run.Status, Is.Not.Zero);
        Assert.That(run.Output + run.Error, Does.Not.Contain(FakePve.TokenSecret));
        Assert.That(host.Requests.Where(r => r.Method != "GET"), Is.Empty, "nothing is changed");
        Assert.That(chosen.Output, Does.Not.Contain("Proxmox"), "who asks for one host gets that one");
        Assert.That(host.SchemaFaults, Is.Empty);
    }
}
