namespace FailoverLab.Hosts;

/// <summary>A program to run on a host.</summary>
/// <param name="Arguments">The program and its arguments, at least one; passed on as they are.</param>
public sealed record ShellCommand(params IReadOnlyList<string> Arguments)
{
    /// <summary>After this it is killed; every command has one.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Its standard input; empty is the end of input at once.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Variables added to its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The command as a person would type it, for plans, journals and messages; never run in this form by the program.</summary>
    public override string ToString() => string.Join(' ', Arguments.Select(Quoted));

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal))
            ? argument
            : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
