using System.Runtime.Versioning;
using FailoverLab.Linux;
using FailoverLab.Proxmox;
using FailoverLab.Proxmox.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FailoverLab.Integration.Tests;

/// <summary>A whole run that needs secrets, watched from outside all the while.</summary>
[SupportedOSPlatform("linux")]
public sealed class SecretsTests
{
    private const string Password = "canary-4e11-of-a-host";
    private const string Variable = "FL_CANARY_OF_A_HOST";

    /// <summary>Commands on both sides print what they were given; a card is written through PVE, a link over ssh; both are put back.</summary>
    private const string Scenario = """
        version: 1
        name: secrets
        duration: 3s
        max_start_skew: 60s
        steps:
          - { at: 0s, capture: { points: all, snap: 128B } }
          - { at: 0s, run: { host: site, command: "env; cat /proc/*/environ" } }
          - { at: 500ms, degrade: { link: one, drop: true } }
          - { at: 500ms, degrade: { link: plug, carrier: false } }
          - { at: 1500ms, restore: all }
          - { at: 2s, run: { host: far, command: "env; ps -ef" } }
        """;

    [Test]
    public async Task Scenario_HostsOverSshAndPve_SecretsAreInNoOutputFileCommandLineOrEnvironment()
    {
        await using var lab = await RealLab.StartAsync();
        using var runs = new RunFixture();
        using var management = NetworkNamespace.Open($"/run/netns/{lab.Name(SshNamespaces.Management)}");
        await using var pve = await FakePve.StartAsync(listen: e => management.Run(() => SocketTransportOptions.CreateDefaultBoundListenSocket(e)));
        await lab.OnAsync(SshNamespaces.Management, "ip link set lo up");
        var token = Path.Combine(runs.Directory, "pve.token");
        await File.WriteAllTextAsync(token, $"{FakePve.Token}={FakePve.TokenSecret}\n");
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await KnowSecretsAsync(lab.HostsFile, $$"""
              plug: { driver: pve, vm: 103, pve: lab, net: 1 }
            pve:
              lab: { url: "{{pve.Url.GetLeftPart(UriPartial.Authority)}}", node: pve1, fingerprint: "{{PveFingerprint.Of(pve.Certificate)}}", token: "file:{{token}}" }
            """);
        var search = new SecretSearch([Password, FakePve.TokenSecret], [.. lab.Folders, runs.Directory]);
        search.MayKnow(token);
        search.Start();
        var said = await SayAsync(lab, runs, search);
        await search.EndAsync();

        Assert.Multiple(() =>
        {
            Assert.That(search.Found, Is.Empty);
            Assert.That(search.Seen.Programs, Is.SupersetOf((string[])["ssh", "sshd", "dotnet"]), "it looked while the run went on");
            Assert.That(search.Seen.Files, Is.SupersetOf((string[])["result.json", "report.html", "restoration.ndjson", "guard.sh"]));
            Assert.That(said, Does.Not.Contain(Password).And.Not.Contain(FakePve.TokenSecret));
            Assert.That(runs.Result().Restored, Is.True);
            Assert.That(pve.Requests.Count(r => r.Method == "PUT"), Is.EqualTo(2), "the token was used");
        });
    }

    /// <summary>Carries the run out, and asks everything else that knows the lab.</summary>
    private static async Task<string> SayAsync(RealLab lab, RunFixture runs, SecretSearch search)
    {
        Environment.SetEnvironmentVariable(Variable, Password);
        var said = "";
        try
        {
            foreach (var line in (string[][])[["scenario", runs.Scenario(Scenario), "--out", runs.Directory, "--hosts", lab.HostsFile], ["hosts", "check", "--hosts", lab.HostsFile], ["doctor", "--hosts", lab.HostsFile], ["recover"], ["inventory", "--hosts", lab.HostsFile]])
            {
                using var program = lab.Start(line);

                // The operator put it there; whoever the program starts has none of it.
                search.MayKnow($"/proc/{program.Id}/environ");
                var outcome = await ProgramUnderTest.FinishAsync(program);
                said += outcome.Output + outcome.Error;
                TestContext.Out.WriteLine($"{line[0]}: {outcome.ExitCode} {outcome.Error}");
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }

        return said;
    }

    /// <summary>A password for a host, which is there though the key is enough, and a PVE host with its token in a file.</summary>
    private static async Task KnowSecretsAsync(string hostsFile, string more)
    {
        var text = await File.ReadAllTextAsync(hostsFile);
        Assert.That(text, Does.Contain("  far: { "));
        await File.WriteAllTextAsync(hostsFile, text.Replace("  far: { ", $"  far: {{ password: \"env:{Variable}\", ", StringComparison.Ordinal).TrimEnd() + "\n" + more + "\n");
    }
}
