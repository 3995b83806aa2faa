using System.Diagnostics;

namespace FailoverLab.Cli.Tests;

/// <summary><c>init</c> and <c>completion</c>.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InitCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-init-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Init_EmptyFolder_FilesPassCheckWithoutAnyWarning()
    {
        var init = await CommandRun.OfAsync("init", _folder);
        Assert.That(init.Status, Is.Zero, init.Error);
        Assert.That(init.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.All.Matches((string? f) => File.Exists(f)));
        var check = await CommandRun.OfAsync("check", Path.Combine(_folder, "scenarios", "first.yaml"), "--hosts", Path.Combine(_folder, "hosts.yaml"));
        Assert.That((check.Status, check.Error), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Init_Again_RefusedAndNothingWrittenOver()
    {
        await CommandRun.OfAsync("init", _folder);
        var hosts = Path.Combine(_folder, "hosts.yaml");
        await File.WriteAllTextAsync(hosts, "mine");
        var again = await CommandRun.OfAsync("init", _folder);
        Assert.That(again.Status, Is.EqualTo(4));
        Assert.That(await File.ReadAllTextAsync(hosts), Is.EqualTo("mine"));
    }

    [TestCase("", "doctor|hosts|inventory|scenario|run|init|completion|--help")]
    [TestCase("hosts", "check|clock")]
    [TestCase("hosts clock", "--between|--limit|--json|--host")]
    [TestCase("schema", "hosts|scenario|topology")]
    [TestCase("run", "starlink-drop|--repeat|--hosts")]
    [TestCase("inventory --hosts x", "--ansible|--ssh-config")]
    public async Task Completion_Bash_OffersWhatTheCommandTakes(string typed, string expected)
    {
        if (!File.Exists("/bin/bash"))
        {
            Assert.Ignore("needs bash");
        }

        Directory.CreateDirectory(Path.Combine(_folder, "scenarios"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "scenarios", "starlink-drop.yaml"), "");
        var script = Path.Combine(_folder, "completion");
        await File.WriteAllTextAsync(script, (await CommandRun.OfAsync("completion", "bash")).Output);
        var words = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["--norc", "-euc", ". ./completion; COMP_WORDS=(failoverlab \"$@\" ''); COMP_CWORD=$(($# + 1)); _failoverlab; printf '%s\\n' \"${COMPREPLY[@]}\"", "bash", .. words])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (await bash.StandardOutput.ReadToEndAsync(), await bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.That((bash.ExitCode, error), Is.EqualTo((0, "")));
        Assert.That(output.Split('\n'), Is.SupersetOf(expected.Split('|')));
        Assert.That(output, Does.Not.Contain("lab-init"), "hidden verbs stay hidden");
    }

    [TestCase("zsh", "bashcompinit")]
    [TestCase("fish", "-a doctor")]
    public async Task Completion_OtherShells_MadeOfTheSameTree(string shell, string expected)
    {
        var run = await CommandRun.OfAsync("completion", shell);
        Assert.That((run.Status, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain(expected));
    }
}
