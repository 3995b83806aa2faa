using System.Text;
using FailoverLab.Hosts;
using FailoverLab.Primitives;

namespace FailoverLab.Restoration.Tests;

public sealed class ShellTextTests
{
    [TestCaseSource(typeof(Shells), nameof(Shells.All))]
    public async Task Undo_HostileArguments_ReachTheCommandAsTheyAre(string shell)
    {
        Shells.Require(shell);
        const string Alphabet = "ab'\"$`\\;&|<>(){}*?!#~-%\n\t =@^[]ü";
        var random = new SeededRandom(77);
        string[] arguments =
        [
            "-n", "$(touch /tmp/no)", "'", "''\\''", "", "; exit 3", "--read--", "\\", "$'x'", "!!",
            .. Enumerable.Range(0, 100).Select(_ => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]))),
        ];
        var command = new ShellCommand(["printf", "<%s>", .. arguments]);
        await using var local = new LocalShell("h");

        var result = await local.RunAsync(Shells.Run(shell, ShellText.Undo([command])), CancellationToken.None);

        Assert.That(result.Output, Is.EqualTo(string.Concat(arguments.Select(a => $"<{a}>"))), "seed 77");
    }

    [TestCaseSource(typeof(Shells), nameof(Shells.All))]
    public async Task Read_TwoCommands_PrintWhatStateExpects(string shell)
    {
        Shells.Require(shell);
        LinkCheck[] checks =
        [
            new(new ShellCommand("printf", "one \\nline%s", " \n\t\n"), "one \nline"),
            new(new ShellCommand("cat") { Input = Encoding.UTF8.GetBytes("it's $in") }, "it's $in"),
            new(new ShellCommand("sh", "-c", "printf %s \"$LAB\"") { Environment = new Dictionary<string, string> { ["LAB"] = "x 'y'" } }, "x 'y'"),
        ];
        await using var local = new LocalShell("h");

        var result = await local.RunAsync(Shells.Run(shell, ShellText.Read(checks)), CancellationToken.None);

        Assert.That(result.Output.TrimEnd('\n'), Is.EqualTo(ShellText.State(checks)));
    }

    [TestCaseSource(typeof(Shells), nameof(Shells.All))]
    public async Task Read_ACommandThatFails_IsAStateToo(string shell)
    {
        Shells.Require(shell);
        await using var local = new LocalShell("h");

        var result = await local.RunAsync(Shells.Run(shell, ShellText.Read([new(new ShellCommand("sh", "-c", "echo no such thing; exit 4"), "")])), CancellationToken.None);

        Assert.That(result.Output, Is.EqualTo("[1 4]\nno such thing\n"));
    }

    [Test]
    public void Quote_Nul_IsRefused() => Assert.That(() => ShellText.Quote("a\0b"), Throws.ArgumentException);
}
