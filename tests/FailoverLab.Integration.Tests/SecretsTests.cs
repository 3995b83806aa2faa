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
    private const string Variable = "FL_CANARY_OF_PVE";

    /// <summary>Commands on both sides print what they were given; cards are written through PVE, a link over ssh; all are put back.</summary>
    private const string Scenario = """
        version: 1
        name: secrets
        duration: 3s
        max_start_skew: 60s
        steps:
          - { at: 0s, capture: { points: all, snap: 128B } }
          - { at: 0s, run: { host: site, command: "env; ps -ef" } }
          - { at: 500ms, degrade: { link: one, drop: true } }
          - { at: 500ms, degrade: { link: plug, carrier: false } }
          - { at: 500ms, degrade: { link: other, carrier: false } }
          - { at: 1500ms, restore: all }
          - { at: 2s, run: { host: far, command: "env; ps -ef" } }
        """;

    [Test]
    public async Task Scenario_HostsOverSshAndPve_SecretsAreInNoOutputFileCommandLineOrEnvironment()
    {
        ForgetOtherTests();
        await using var lab = await RealLab.StartAsync();
        using var runs = new RunFixture();
        using var management = NetworkNamespace.Open($"/run/netns/{lab.Name(SshNamespaces.Management)}");
        await using var pve = await FakePve.StartAsync(listen: e => management.Run(() => SocketTransportOptions.CreateDefaultBoundListenSocket(e)));
        await lab.OnAsync(SshNamespaces.Management, "ip link set lo up");
        var password = Path.Combine(runs.Directory, "pve.password");
        await File.WriteAllTextAsync(password, FakePve.Password + "\n");
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var host = $"url: \"{pve.Url.GetLeftPart(UriPartial.Authority)}\", node: pve1, fingerprint: \"{PveFingerprint.Of(pve.Certificate)}\"";
        await File.AppendAllTextAsync(lab.HostsFile, $$"""

              plug: { driver: pve, vm: 103, pve: lab, net: 1 }
              other: { driver: pve, vm: 102, pve: same, net: 1 }
            pve:
              lab: { {{host}}, token: "env:{{Variable}}" }
              same: { {{host}}, user: "{{FakePve.User}}", password: "file:{{password}}" }

            """);
        using var search = new SecretSearch([FakePve.TokenSecret, FakePve.Password], [.. lab.Folders, runs.Directory]);
        search.MayKnow(password);
        search.Start();
        var said = await SayAsync(lab, runs, search);
        await search.EndAsync();

        Assert.Multiple(() =>
        {
            Assert.That(search.Found, Is.Empty);
            Assert.That(search.Seen.Programs, Is.SupersetOf((string[])["ssh", "sshd", "dotnet"]), "it looked while the run went on");
            Assert.That(search.Seen.Files, Is.SupersetOf((string[])["result.json", "report.html", "restoration.ndjson", "guard.sh"]));
            Assert.That(said, Does.Not.Contain(FakePve.Password).And.Not.Contain(FakePve.TokenSecret));
            Assert.That(runs.Result().Restored, Is.True);
            Assert.That(pve.Requests.Count(r => r.Method == "PUT"), Is.EqualTo(4), "both were used");
        });
    }

    /// <summary>Other tests use the same secrets, by variables of this process that all it starts would inherit, sshd too.</summary>
    private static void ForgetOtherTests()
    {
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Value is string value && (value.Contains(FakePve.TokenSecret, StringComparison.Ordinal) || value.Contains(FakePve.Password, StringComparison.Ordinal)))
            {
                Environment.SetEnvironmentVariable((string)variable.Key, null);
            }
        }
    }

    /// <summary>Carries the run out, and asks everything else that knows the lab.</summary>
    private static async Task<string> SayAsync(RealLab lab, RunFixture runs, SecretSearch search)
    {
        Environment.SetEnvironmentVariable(Variable, $"{FakePve.Token}={FakePve.TokenSecret}");
        var said = "";
        try
        {
            foreach (var line in (string[][])[["scenario", runs.Scenario(Scenario), "--out", runs.Directory, "--hosts", lab.HostsFile], ["hosts", "check", "--hosts", lab.HostsFile], ["doctor", "--hosts", lab.HostsFile], ["recover"], ["inventory", "--hosts", lab.HostsFile]])
            {
                using var program = lab.Start(line);

                // The operator put it there; whoever the program starts has none of it.
                search.MayKnow(program.Id, ["dotnet", ProgramUnderTest.File, .. line]);
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
}
