namespace FailoverLab.Cli;

/// <summary>Files the verbs below <c>wan</c> write.</summary>
internal static class WanFiles
{
    /// <summary>Writes a file, or the standard output where it is named <c>-</c>.</summary>
    public static ExitCode Write(CommandContext context, string path, string text)
    {
        if (path == "-")
        {
            context.Out.Write(text);
            return ExitCode.Passed;
        }

        try
        {
            File.WriteAllText(path, text);
            return ExitCode.Passed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            context.Error.WriteLine($"{path} cannot be written: {e.Message}");
            return ExitCode.Usage;
        }
    }
}
