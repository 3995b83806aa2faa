using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>Spectre consoles on injected writers; nothing here touches the process's own console.</summary>
public static class TerminalConsole
{
    private const int PlainHeight = 25;

    /// <summary>A console that writes to <paramref name="output"/>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="width">Columns, 40 or more.</param>
    /// <param name="colour">Whether to write colours; without, plain text.</param>
    public static IAnsiConsole On(TextWriter output, int width, bool colour)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = Math.Max(40, width);

        // Only a live view has a height; asking the terminal for it would load what is known of terminals.
        if (!colour) console.Profile.Height = PlainHeight;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
