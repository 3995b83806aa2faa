namespace FailoverLab.Restoration;

/// <summary>The folder that keeps the journals of runs that are not over, one sub-folder for each lab.</summary>
/// <param name="Path">Absolute path.</param>
public sealed record StateFolder(string Path)
{
    /// <summary>The folder of this user: <c>$XDG_STATE_HOME/failoverlab</c>, else <c>~/.local/state/failoverlab</c>.</summary>
    public static StateFolder Default()
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } given && System.IO.Path.IsPathRooted(given)
            ? given
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
        return new StateFolder(System.IO.Path.Combine(state, "failoverlab"));
    }

    /// <summary>The journal of one run.</summary>
    /// <param name="lab">The lab's name.</param>
    /// <param name="run">The run's id.</param>
    public string JournalOf(string lab, string run) => System.IO.Path.Combine(Path, SafeName.Of(lab), SafeName.Of(run) + ".ndjson");

    /// <summary>Journals that runs have left, oldest name first; a run that is at work has one too.</summary>
    public IReadOnlyList<string> Journals() => Directory.Exists(Path)
        ? [.. Directory.EnumerateFiles(Path, "*.ndjson", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [];
}
