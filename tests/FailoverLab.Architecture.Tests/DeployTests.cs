using System.Diagnostics;

namespace FailoverLab.Architecture.Tests;

/// <summary>The install scripts and units of lab/deploy, run for real below a scratch folder.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeployTests : IDisposable
{
    private static readonly string Deploy = Path.Combine(Repository.Root, "lab", "deploy");
    private static readonly string[] Programs = ["balancer", "controller", "endpoint", "router"];

    private readonly string _root = Directory.CreateTempSubdirectory("failoverlab-deploy").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [TestCase("install.sh")]
    [TestCase("uninstall.sh")]
    public void Script_Syntax_IsBash(string name) => Assert.That(Run("bash", "-n", Path.Combine(Deploy, name)), Is.EqualTo((0, "")));

    [Test]
    public void Install_BelowAFolder_PutsEverythingInPlaceAndUninstallLeavesNothing()
    {
        Install();
        Assert.That(Files(), Is.EqualTo(new[]
        {
            "etc/failoverlab/balancer.yaml rw-r-----", "etc/failoverlab/controller.yaml rw-r-----", "etc/failoverlab/endpoint.yaml rw-r-----", "etc/failoverlab/environment rw-r-----",
            "etc/failoverlab/router.yaml rw-r-----", "etc/systemd/system/failoverlab-balancer.service rw-r--r--", "etc/systemd/system/failoverlab-controller.service rw-r--r--",
            "etc/systemd/system/failoverlab-endpoint.service rw-r--r--", "etc/systemd/system/failoverlab-router.service rw-r--r--", "opt/failoverlab/FailoverLab rwxr-xr-x",
            "opt/failoverlab/TUNNEL.md rw-r--r--", "opt/failoverlab/lib.so rwxr-xr-x",
        }));
        var secrets = File.ReadAllText(Path.Combine(_root, "etc/failoverlab/environment"));
        Assert.That(secrets, Does.Match("(?m)^FAILOVERLAB_PSK=[0-9a-f]{64}$"));

        // Once more over an installed one: what a person wrote stays.
        var config = Path.Combine(_root, "etc/failoverlab/router.yaml");
        File.WriteAllText(config, "mine");
        Install();
        Assert.That((File.ReadAllText(config), File.ReadAllText(Path.Combine(_root, "etc/failoverlab/environment"))), Is.EqualTo(("mine", secrets)));

        Assert.That(RunIn("uninstall.sh"), Is.EqualTo((0, "")));
        Assert.That(Files().Select(f => f.Split('/')[1]).Distinct(), Is.EqualTo(new[] { "failoverlab" }), "configs stay");
        Assert.That(RunIn("uninstall.sh", "--purge"), Is.EqualTo((0, "")));
        Assert.That(Files(), Is.Empty);
        Assert.That(Directory.GetDirectories(_root, "failoverlab*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void Install_WithoutAProgram_RefusedBeforeAnythingIsDone()
    {
        var (status, said) = RunIn("install.sh", Path.Combine(_root, "nowhere"));
        Assert.That((status, Files().Length), Is.EqualTo((1, 0)));
        Assert.That(said, Does.Contain("publish it first"));
    }

    [Test]
    public void Install_WithoutNft_SaysWhatTheRouterNeeds()
    {
        if (File.Exists("/usr/bin/nft") || !File.Exists("/usr/bin/install"))
        {
            Assert.Ignore("nft and the tools of install.sh are in one folder here");
        }

        var (status, said) = Run("env", "PATH=/usr/bin", "DESTDIR=" + _root, Path.Combine(Deploy, "install.sh"), Publish());
        Assert.That(status, Is.Zero, said);
        Assert.That(said, Does.Contain("nftables"));
    }

    /// <summary>A router whose address is not there yet exits with 4, and would stay down for good.</summary>
    [TestCase("endpoint", "3")]
    [TestCase("router", "3")]
    [TestCase("balancer", "3 4")]
    [TestCase("controller", "3 4")]
    public void Unit_ProgramCouldNotStart_StartedAgainUnlessItsFilesAreTheFault(string program, string final)
    {
        var lines = File.ReadAllLines(Path.Combine(Deploy, $"failoverlab-{program}.service"));
        Assert.That(lines, Does.Contain($"RestartPreventExitStatus={final}"));
        Assert.That(lines.Contains("StartLimitIntervalSec=0"), Is.EqualTo(final == "3"));
    }

    [TestCaseSource(nameof(Programs))]
    public void Unit_Verified_IsCleanAndHardened(string program)
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            Assert.Ignore("systemd-analyze is not installed (package systemd)");
        }

        Install();
        var name = $"failoverlab-{program}.service";
        var unit = Path.Combine(_root, name);

        // The program must be there to be verified: it is, below the folder.
        File.WriteAllText(unit, File.ReadAllText(Path.Combine(Deploy, name)).Replace("/opt/failoverlab/", $"{_root}/opt/failoverlab/", StringComparison.Ordinal));
        Assert.That(Run("systemd-analyze", "verify", unit), Is.EqualTo((0, "")));
        var threshold = program is "endpoint" or "router" ? "30" : "20";
        var (status, said) = Run("systemd-analyze", "security", "--offline=true", $"--threshold={threshold}", unit);
        Assert.That(status, Is.Zero, said);
        Assert.That(File.ReadLines(unit).Single(l => l.StartsWith("CapabilityBoundingSet=", StringComparison.Ordinal)), Is.EqualTo(
            program is "endpoint" or "router" ? "CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW CAP_SYS_NICE" : "CapabilityBoundingSet="));
    }

    [Test]
    public void Unit_WithAFault_IsNotClean()
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            Assert.Ignore("systemd-analyze is not installed (package systemd)");
        }

        var unit = Path.Combine(_root, "failoverlab-router.service");
        File.WriteAllText(unit, File.ReadAllText(Path.Combine(Deploy, "failoverlab-router.service")).Replace("ProtectSystem=", "ProtectSytem=", StringComparison.Ordinal));
        Assert.That(Run("systemd-analyze", "verify", unit), Is.Not.EqualTo((0, "")));
    }

    private void Install()
    {
        var published = Publish();
        var (status, said) = RunIn("install.sh", published);
        Assert.That(status, Is.Zero, said);
        Directory.Delete(published, recursive: true);
    }

    private string Publish()
    {
        var published = Path.Combine(_root, "published");
        Directory.CreateDirectory(published);
        File.WriteAllText(Path.Combine(published, "FailoverLab"), "#!/bin/sh\n");
        File.WriteAllText(Path.Combine(published, "lib.so"), "");
        foreach (var file in Directory.GetFiles(published))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        return published;
    }

    private string[] Files() =>
        [.. Directory.GetFiles(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{Path.GetRelativePath(_root, f)} {Mode(File.GetUnixFileMode(f))}")];

    private static string Mode(UnixFileMode mode) => string.Concat(Enumerable.Range(0, 9).Select(i => ((int)mode & (256 >> i)) != 0 ? "rwx"[i % 3] : '-'));

    private (int Status, string Said) RunIn(string script, params string[] arguments) => Run("env", ["DESTDIR=" + _root, Path.Combine(Deploy, script), .. arguments]);

    private static (int Status, string Said) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
