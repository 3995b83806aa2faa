using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FailoverLab.Cli;

/// <summary>When to start, in the words of GNU <c>date -d</c>: it alone knows them all, so it is asked.</summary>
internal static class StartTime
{
    /// <summary>Reads the words.</summary>
    /// <param name="words">Such as <c>now + 10 min</c>, <c>22:30</c>, <c>tomorrow 6:00</c>, <c>@1795334400</c>.</param>
    /// <param name="time">Wall clock.</param>
    /// <returns>The instant, ns since the Unix epoch, or why there is none.</returns>
    public static async Task<(long? AtNs, string? Fault)> ReadAsync(string words, TimeProvider time)
    {
        var start = new ProcessStartInfo("date", [$"--date={words}", "+%s%N"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        try
        {
            if (words.Contains('\0', StringComparison.Ordinal))
            {
                return (null, "the start time holds a character that no program can be given");
            }

            using var date = Process.Start(start)!;
            var error = date.StandardError.ReadToEndAsync();
            var output = (await date.StandardOutput.ReadToEndAsync()).Trim();
            await date.WaitForExitAsync();
            if (date.ExitCode != 0 || !long.TryParse(output, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var atNs))
            {
                return (null, $"the start time '{TerminalText.Clean(words)}' cannot be read by `date -d`: {TerminalText.Clean((await error).Trim())}");
            }

            var at = DateTimeOffset.UnixEpoch.AddTicks(atNs / 100);
            return at < time.GetUtcNow()
                ? (null, $"the start time '{TerminalText.Clean(words)}' has passed: {at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)}")
                : (atNs, null);
        }
        catch (Win32Exception)
        {
            return (null, "there is no program 'date' here to read the start time");
        }
    }
}
