using FailoverLab.EmbeddedLab;

namespace FailoverLab.Cli.Tests;

/// <summary>One run of the command line, as a script sees it.</summary>
/// <param name="Status">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandRun(int Status, string Output, string Error)
{
    public static Task<CommandRun> OfAsync(params string[] arguments) => WithInputAsync(() => TextReader.Null, arguments);

    public static Task<CommandRun> WithInputAsync(Func<TextReader> input, params string[] arguments) => RunAsync(input, new StringWriter(), TimeProvider.System, arguments);

    /// <summary>One whose standard error is another's, and whose waits go by another clock.</summary>
    public static Task<CommandRun> WithErrorAsync(TextWriter error, TimeProvider time, params string[] arguments) => RunAsync(() => TextReader.Null, error, time, arguments);

    private static async Task<CommandRun> RunAsync(Func<TextReader> input, TextWriter error, TimeProvider time, string[] arguments)
    {
        var output = new StringWriter();
        var status = await CommandLine.RunAsync(arguments, new CommandContext
        {
            In = input,
            Out = output,
            OpenOut = () => Stream.Null,
            Error = error,
            IsOutTerminal = false,
            IsErrorTerminal = false,
            Width = () => 160,
            Self = SelfCommand.Of(typeof(CommandRun).Assembly),
            Time = time,
        });
        return new CommandRun(status, output.ToString(), error.ToString()!);
    }
}
