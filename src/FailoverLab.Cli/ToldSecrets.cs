namespace FailoverLab.Cli;

/// <summary>
/// Secrets that whoever started this program told it on standard input. While they are here a config file finds them as <c>env:NAME</c>; in
/// <c>/proc/PID/environ</c> they never are, for that shows what a process was started with, and programs started later do not get them.
/// </summary>
internal sealed class ToldSecrets : IDisposable
{
    private const int Most = 16;
    private readonly List<(string Name, string? Before)> _told = [];

    private ToldSecrets()
    {
    }

    /// <summary>Reads lines <c>NAME=VALUE</c> up to an empty one, or the end.</summary>
    /// <param name="input">Standard input; what follows is left there.</param>
    public static ToldSecrets Read(TextReader input)
    {
        var secrets = new ToldSecrets();
        while (secrets._told.Count < Most && input.ReadLine() is { Length: > 0 } line)
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                secrets._told.Add((line[..at], Environment.GetEnvironmentVariable(line[..at])));
                Environment.SetEnvironmentVariable(line[..at], line[(at + 1)..]);
            }
        }

        return secrets;
    }

    /// <summary>Forgets them.</summary>
    public void Dispose()
    {
        foreach (var (name, before) in _told)
        {
            Environment.SetEnvironmentVariable(name, before);
        }
    }
}
