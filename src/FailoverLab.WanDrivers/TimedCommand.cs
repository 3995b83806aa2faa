using System.Globalization;
using FailoverLab.Hosts;

namespace FailoverLab.WanDrivers;

/// <summary>Runs a command between two looks at the host's own clock, in one round trip.</summary>
internal static class TimedCommand
{
    // The command comes as arguments and is never read by the shell. busybox's date knows no nanoseconds; its adjtimex prints microseconds.
    private const string Script =
        "now() { t=$(date +%s%N 2>/dev/null); case $t in *[!0-9]*|'') "
        + "t=$(adjtimex 2>/dev/null | sed -n 's/.*tv_sec: *//p;s/.*tv_usec: *//p' | tr '\\n' ' ');; esac; echo \"@$t\"; }; "
        + "now; \"$@\"; s=$?; now; exit $s";

    /// <summary>Runs it.</summary>
    /// <returns>What came of it, without the stamps, and the host's clock before and after; zero when the host has none to read.</returns>
    public static async Task<(ShellResult Result, long BeforeNs, long AfterNs)> RunAsync(IShell shell, ShellCommand command, CancellationToken cancellationToken)
    {
        var result = await shell.RunAsync(command with { Arguments = ["sh", "-c", Script, "sh", .. command.Arguments] }, cancellationToken);
        var lines = result.Output.TrimEnd().Split('\n');
        var (before, after) = (Stamp(lines[0]), lines.Length > 1 ? Stamp(lines[^1]) : 0);
        return (result with { Output = string.Join('\n', lines.Skip(1).SkipLast(1)) }, before, after);
    }

    private static long Stamp(string line)
    {
        var parts = line.TrimStart('@').Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return line.StartsWith('@') && parts.All(p => long.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? parts switch
            {
                [var ns] => long.Parse(ns, CultureInfo.InvariantCulture),
                [var s, var us] => (long.Parse(s, CultureInfo.InvariantCulture) * 1_000_000_000) + (long.Parse(us, CultureInfo.InvariantCulture) * 1000),
                _ => 0,
            }
            : 0;
    }
}
