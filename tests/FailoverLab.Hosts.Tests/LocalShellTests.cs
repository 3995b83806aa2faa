namespace FailoverLab.Hosts.Tests;

public sealed class LocalShellTests
{
    [Test]
    public async Task RunAsync_ArgumentsThatAShellWouldTakeApart_ArriveAsTheyAre()
    {
        await using var shell = new LocalShell("here");
        string[] hostile = ["-n", "$(id)", "; reboot", "a'b\"c", "two\nlines", "*"];

        var result = await shell.RunAsync(new ShellCommand(["printf", "<%s>", .. hostile]), CancellationToken.None);

        Assert.That(result.Output, Is.EqualTo(string.Concat(hostile.Select(h => $"<{h}>"))));
    }

    [Test]
    public async Task RunAsync_InputAndEnvironment_ReachTheProgram()
    {
        await using var shell = new LocalShell("here");
        var command = new ShellCommand("sh", "-c", "cat; echo \"$LAB\" >&2; exit 3") { Input = "in"u8.ToArray(), Environment = new Dictionary<string, string> { ["LAB"] = "x y" } };

        var result = await shell.RunAsync(command, CancellationToken.None);

        Assert.That(result, Is.EqualTo(new ShellResult(3, "in", "x y\n", TimedOut: false)));
    }

    [Test]
    public async Task RunAsync_LongerThanItsTimeout_IsKilledWithItsChildren()
    {
        await using var shell = new LocalShell("here");

        var result = await shell.RunAsync(new ShellCommand("sh", "-c", "sleep 600 & wait") { Timeout = TimeSpan.FromMilliseconds(100) }, CancellationToken.None);

        Assert.That((result.TimedOut, result.IsSuccess), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task RunAsync_ProgramThatIsNotThere_IsStatus127()
    {
        await using var shell = new LocalShell("here");

        var result = await shell.RunAsync(new ShellCommand("/nonexistent/tc"), CancellationToken.None);

        Assert.That(result.Status, Is.EqualTo(127));
    }

    [Test]
    public void ToString_OddArguments_IsWhatAPersonWouldType() =>
        Assert.That(new ShellCommand("tc", "qdisc", "show", "dev", "it's").ToString(), Is.EqualTo(@"tc qdisc show dev 'it'\''s'"));
}
