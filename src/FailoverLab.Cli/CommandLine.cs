namespace FailoverLab.Cli;

/// <summary>The command line: parses, composes, prints, and turns outcomes into exit codes.</summary>
public static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">Arguments as given.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length == 0 ? 2 : 70);
}
