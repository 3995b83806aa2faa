using FailoverLab.Primitives;

namespace FailoverLab.Cli.Tests;

public sealed class DiagnosticPrinterTests
{
    [Test]
    public void Write_ErrorAndWarning_ShowsLineCaretAndCure()
    {
        Diagnostic[] diagnostics =
        [
            new("FL1012", Severity.Error, new SourcePosition("a.yaml", 3, 14), "unknown key 'dealy'", "did you mean `delay`?"),
            new("FL1001", Severity.Warning, SourcePosition.WholeFile("b.yaml"), "the file is empty"),
        ];
        Assert.That(Print("version: 1\nsteps:\n\t- { at: 5, dealy: 20ms }\n", diagnostics), Is.EqualTo(
            """
            error[FL1012]: unknown key 'dealy'
             --> a.yaml:3:14
              |
            3 |  - { at: 5, dealy: 20ms }
              |              ^^^^
              = help: did you mean `delay`?

            warning[FL1001]: the file is empty
             --> b.yaml

            1 error, 1 warning; nothing was started
            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Write_TwentyThousandBrackets_PrintsAShortExcerpt()
    {
        var text = Print(new string('[', 20_000), [new("FL1003", Severity.Error, new SourcePosition("a.yaml", 1, 65), "nested too deeply")]);
        Assert.That(text.Split('\n').Max(l => l.Length), Is.LessThan(110));
        Assert.That(text, Does.Contain("1 | …[[["));
    }

    [Test]
    public void Write_FileThatCannotBeRead_LeavesTheSourceLineOut() => Assert.That(
        Print(null, [new("FL1004", Severity.Error, new SourcePosition("gone.yaml", 7, 2), "cannot be read")]),
        Is.EqualTo("error[FL1004]: cannot be read\n --> gone.yaml:7:2\n\n1 error; nothing was started"));

    [Test]
    public void Write_ControlCharactersInTheFile_ReachTheTerminalHarmless() => Assert.That(
        Print("\e[2Jx: 1", [new("FL1005", Severity.Error, new SourcePosition("a.yaml", 1, 1), "odd \e]0;key\a")]),
        Does.Not.Contain("\e").And.Not.Contain("\a"));

    private static string Print(string? file, IReadOnlyList<Diagnostic> diagnostics) =>
        Printed.By(console => new DiagnosticPrinter(console, _ => file).Write(diagnostics));
}
