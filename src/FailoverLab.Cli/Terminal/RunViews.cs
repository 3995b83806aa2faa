namespace FailoverLab.Cli;

/// <summary>Chooses how a run is shown.</summary>
public static class RunViews
{
    /// <summary>A live view on a terminal; plain lines in a file, a pipe, a CI job, a dumb terminal or where <c>NO_COLOR</c> is set.</summary>
    /// <param name="error">Standard error: the story.</param>
    /// <param name="isTerminal">Whether <paramref name="error"/> is a terminal.</param>
    /// <param name="environment">Reads an environment variable; <see langword="null"/> when unset.</param>
    /// <param name="width">Columns of the terminal now; asked before each frame, because terminals are resized.</param>
    public static IRunView Choose(TextWriter error, bool isTerminal, Func<string, string?> environment, Func<int> width) =>
        IsLive(isTerminal, environment) ? new LiveView(error, width) : new PlainView(error);

    /// <summary>Whether colour and cursor movement are welcome.</summary>
    public static bool IsLive(bool isTerminal, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return isTerminal
            && string.IsNullOrEmpty(environment("NO_COLOR"))
            && string.IsNullOrEmpty(environment("CI"))
            && environment("TERM") is not (null or "" or "dumb");
    }
}
