using FailoverLab.EmbeddedLab;
using FailoverLab.Primitives;
using Spectre.Console;

namespace FailoverLab.Cli;

/// <summary>What commands need of the world, put together once.</summary>
public sealed record CommandContext
{
    /// <summary>Standard input, set up when it is first asked for.</summary>
    public required Func<TextReader> In { get; init; }

    /// <summary>Standard output: the product.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard output as bytes, for programs that print one event a line as it happens.</summary>
    public required Func<Stream> OpenOut { get; init; }

    /// <summary>Standard input as bytes; at its end when nothing gives any.</summary>
    public Func<Stream> OpenIn { get; init; } = () => Stream.Null;

    /// <summary>Standard error: the story.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether standard output is a terminal.</summary>
    public required bool IsOutTerminal { get; init; }

    /// <summary>Whether standard error is a terminal.</summary>
    public required bool IsErrorTerminal { get; init; }

    /// <summary>Columns of the terminal now.</summary>
    public required Func<int> Width { get; init; }

    /// <summary>How this program is started again.</summary>
    public required SelfCommand Self { get; init; }

    /// <summary>Wall clock and timers.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Standard output for tables; colour only where it is welcome.</summary>
    public IAnsiConsole OutConsole => TerminalConsole.On(Out, IsOutTerminal ? Width() : 120, RunViews.IsLive(IsOutTerminal, Environment.GetEnvironmentVariable));

    /// <summary>Prints tables on standard output as <see cref="OutConsole"/> does, but at once: what draws them writes word by word, and each word would be a call of the system.</summary>
    public void PrintAtOnce(Action<IAnsiConsole> print)
    {
        using var text = new StringWriter();
        print(TerminalConsole.On(text, IsOutTerminal ? Width() : 120, RunViews.IsLive(IsOutTerminal, Environment.GetEnvironmentVariable)));
        Out.Write(text.ToString());
    }

    /// <summary>A view of a run on standard error.</summary>
    public IRunView View() => RunViews.Choose(Error, IsErrorTerminal, Environment.GetEnvironmentVariable, Width);

    /// <summary>Prints faults of files on standard error.</summary>
    public void ShowDiagnostics(IReadOnlyList<Diagnostic> diagnostics) =>
        new DiagnosticPrinter(
            TerminalConsole.On(Error, IsErrorTerminal ? Width() : 160, RunViews.IsLive(IsErrorTerminal, Environment.GetEnvironmentVariable)),
            ReadSource).Write(diagnostics);

    private static string? ReadSource(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
