using Spectre.Console;

namespace FailoverLab.Cli.Tests;

/// <summary>What a printer wrote, without colours and without blanks at line ends.</summary>
internal static class Printed
{
    public static string By(Action<IAnsiConsole> print, int width = 110)
    {
        using var text = new StringWriter();
        print(TerminalConsole.On(text, width, colour: false));
        return Trim(text.ToString());
    }

    public static string Trim(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())).Trim('\n');
}
