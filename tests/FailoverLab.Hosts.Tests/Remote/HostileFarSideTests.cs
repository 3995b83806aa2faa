namespace FailoverLab.Hosts.Tests;

/// <summary>Far sides that are not what they should be: each ends with its reason.</summary>
public sealed class HostileFarSideTests
{
    internal const string Greets = "IFS= read -r l; m=${l#N=}; m=${m%% *}; while read -r l && [ \"$l\" != '#END' ]; do :; done; echo \"$m H 1 clock=date res=1 uid=0\"; ";

    /// <summary>It says that programs are there, but never that one has ended, nor that it took the start.</summary>
    private const string TellsTheTime = Greets + "while read -r v i rest; do case $v in T) echo \"$m T $i 1 1\" ;; R) echo \"$m A $i 5\" ;; esac; done";

    [TestCase("cat", SshFailureKind.NoShell, TestName = "An echo of what was sent")]
    [TestCase("yes garbage", SshFailureKind.Garbage, TestName = "A flood of lines")]
    [TestCase("cat /dev/zero", SshFailureKind.Garbage, TestName = "A flood without lines")]
    [TestCase("exit 0", SshFailureKind.NoShell, TestName = "Nothing at all")]
    [TestCase("echo 'This account is currently not available.' >&2", SshFailureKind.NoShell, TestName = "No login")]
    public async Task OpenAsync_NoShell_SaysSo(string script, SshFailureKind kind)
    {
        var failure = await Assert.ThrowsAsync<SshException>(() => FarShell.OpenScriptAsync(script, TimeSpan.FromSeconds(1.5)));

        Assert.That(failure!.Failure.Kind, Is.EqualTo(kind), failure.Message);
    }

    [Test]
    public async Task OpenAsync_NeverAnswers_GivesUp()
    {
        var failure = await Assert.ThrowsAsync<SshException>(() => FarShell.OpenScriptAsync("sleep 600", TimeSpan.FromMilliseconds(300)));

        Assert.That(failure!.Failure.Kind, Is.EqualTo(SshFailureKind.NoShell));
    }

    [Test]
    public async Task OpenAsync_LoginScriptsPrint_IsPassedOver()
    {
        await using var session = await FarShell.OpenScriptAsync("echo Welcome; echo; " + Greets + "cat >/dev/null");

        Assert.That(session.Facts.IsRoot, Is.True);
    }

    [TestCase("echo hello", SshFailureKind.Garbage, TestName = "Text after the greeting")]
    [TestCase("echo \"$m T 99 1 1\"; cat", SshFailureKind.Garbage, TestName = "An answer to no question")]
    [TestCase("echo \"$m O 77 1 00\"; cat", SshFailureKind.Garbage, TestName = "Output of no job")]
    [TestCase("printf \"$m X 1\"", SshFailureKind.Closed, TestName = "Closed in the middle of a line")]
    [TestCase("exit 0", SshFailureKind.Closed, TestName = "Closed")]
    public async Task Lost_AfterTheGreeting_SaysWhichWay(string script, SshFailureKind kind)
    {
        await using var session = await FarShell.OpenScriptAsync(Greets + "sleep 0.2; " + script);

        var failure = await session.Lost.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(failure.Kind, Is.EqualTo(kind), failure.Message);
    }

    [Test]
    public async Task RunAsync_HostIsLostMeanwhile_EndsWithTheReason()
    {
        await using var session = await FarShell.OpenScriptAsync(Greets + "read -r l");

        var failure = await Assert.ThrowsAsync<SshException>(() => session.RunAsync(new ShellCommand("true"), CancellationToken.None));

        Assert.That(failure!.Failure.Kind, Is.EqualTo(SshFailureKind.Closed));
    }

    [Test]
    public async Task RunAsync_FloodOfOutput_EndsTheHost()
    {
        await using var session = await FarShell.OpenScriptAsync(Greets + "read -r l; h=$(printf %04000d 0); while echo \"$m O 1 1 $h\"; do :; done");

        var failure = await Assert.ThrowsAsync<SshException>(() => session.RunAsync(new ShellCommand("true") { Timeout = TimeSpan.FromSeconds(60) }, CancellationToken.None));

        Assert.That(failure!.Failure.Kind, Is.EqualTo(SshFailureKind.Garbage));
    }

    [Test]
    public async Task FireAsync_HostTellsTheTimeButTakesNoStart_IsGivenUp()
    {
        await using var session = await FarShell.OpenScriptAsync(TellsTheTime, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<SshException>(() => session.FireAsync(1).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.That(failure!.Failure.Kind, Is.EqualTo(SshFailureKind.Silent), failure.Message);
    }

    [Test]
    public async Task RunAsync_ProgramDoesNotEndThoughKilled_IsGivenUpAndTheHostIsNot()
    {
        await using var session = await FarShell.OpenScriptAsync(TellsTheTime, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        var result = await session.RunAsync(new ShellCommand("true") { Timeout = TimeSpan.FromMilliseconds(100) }, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That((result.TimedOut, result.Status), Is.EqualTo((true, 137)));
    }

    [Test]
    public async Task Lost_HostStopsAnswering_IsNoticed()
    {
        // The lease is renewed every fifth of it, and an answer is missed after the patience.
        await using var session = await FarShell.OpenScriptAsync(Greets + "cat >/dev/null", TimeSpan.FromSeconds(1));

        var failure = await session.Lost.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(failure.Kind, Is.EqualTo(SshFailureKind.Silent));
    }

    [Test]
    public void Load_FarSide_HasNoLineThatEndsItEarly() =>
        Assert.That(RemoteBootstrap.Text("FLx", TimeSpan.FromSeconds(15)).Split('\n').Count(l => l == "#END"), Is.EqualTo(1));
}
