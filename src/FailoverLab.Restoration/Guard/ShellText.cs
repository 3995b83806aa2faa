using System.Text;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>
/// Commands as text for a POSIX shell: the one place where arguments become text, because an undo must lie ready in a file on the host. Every
/// argument stands in single quotes, in which a shell gives no character a meaning.
/// </summary>
internal static class ShellText
{
    /// <summary>One word that a shell reads back as exactly <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentException">It holds a NUL, which no argument can.</exception>
    public static string Quote(string value) => value.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException("an argument cannot hold a NUL character", nameof(value))
        : "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>The script that puts a change back; every command is tried.</summary>
    public static string Undo(IReadOnlyList<ShellCommand> commands) => string.Join('\n', commands.Select(Command)) + "\n:";

    /// <summary>
    /// The script that reads a state: for each command its number and status, then what it printed without blanks at the end. Must agree with
    /// <see cref="State"/>.
    /// </summary>
    public static string Read(IReadOnlyList<LinkCheck> checks)
    {
        var text = new StringBuilder("nl='\n' tab='\t' cr='\r'\n");
        for (var n = 0; n < checks.Count; n++)
        {
            text.Append("o=$(").Append(Command(checks[n].Command)).Append(") && s=0 || s=$?\n")
                .Append("while case $o in *[\\ $tab$cr$nl]) true ;; *) false ;; esac; do o=${o%?}; done\n")
                .Append("printf '%s\\n' \"[").Append(n + 1).Append(" $s]\" \"$o\"\n");
        }

        return text.Append(':').ToString();
    }

    /// <summary>The state that <see cref="Read"/> prints when every command succeeds and prints what is expected.</summary>
    public static string State(IReadOnlyList<LinkCheck> checks) =>
        string.Join('\n', checks.Select((c, n) => $"[{n + 1} 0]\n{c.Expected.TrimEnd()}")).TrimEnd('\n');

    /// <summary>One command with its environment, input and limit of time.</summary>
    private static string Command(ShellCommand command)
    {
        var words = command.Environment.Count == 0
            ? command.Arguments
            : ["env", .. command.Environment.Select(e => $"{e.Key}={e.Value}"), .. command.Arguments];
        var text = string.Join(' ', words.Select(Quote));
        return command.Input.IsEmpty ? text : $"printf %s {Quote(Encoding.UTF8.GetString(command.Input.Span))} | {text}";
    }
}
