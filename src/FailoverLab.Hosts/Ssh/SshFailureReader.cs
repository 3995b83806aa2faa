using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace FailoverLab.Hosts;

/// <summary>
/// Tells from what ssh printed which way a connection failed. The exit code is no help: 255 is a refused connection, a program killed by
/// a signal, a lost link, and a program's own 255 alike. Pure, but for reading the known key's line. Messages are OpenSSH's, in the C locale.
/// </summary>
internal static partial class SshFailureReader
{
    private static readonly (string Text, SshFailureKind Kind, string Hint)[] Known =
    [
        ("hostname contains invalid characters", SshFailureKind.BadName, "check the host's name and address"),
        ("Could not resolve hostname", SshFailureKind.UnknownName, "check the name and DNS, or give the host's 'address'"),
        ("stdio forwarding failed", SshFailureKind.Jump, "the host to go through cannot reach this one; log in there and try"),
        ("open failed: ", SshFailureKind.Jump, "the host to go through cannot reach this one; log in there and try"),
        ("Connection refused", SshFailureKind.Refused, "nothing listens there: is sshd running, and is the port right?"),
        ("Connection timed out", SshFailureKind.TimedOut, "is the host up, and does a firewall drop packets to the port?"),
        ("Operation timed out", SshFailureKind.TimedOut, "is the host up, and does a firewall drop packets to the port?"),
        ("Timeout, server", SshFailureKind.Silent, "the link or the host went away; see to the management path"),
        ("timed out during banner exchange", SshFailureKind.TimedOut, "something listens but does not answer as sshd: is the port right, is the host overloaded?"),
        ("No route to host", SshFailureKind.Unreachable, "check the route and the address"),
        ("Network is unreachable", SshFailureKind.Unreachable, "check the route and the address"),
        ("Too many authentication failures", SshFailureKind.Authentication, "the agent offers too many keys: give 'identity'"),
        ("Permission denied", SshFailureKind.Authentication, "check user, key and password: `ssh -v` with the same name shows what was offered"),
        ("no such identity", SshFailureKind.Authentication, "check the path of the key file"),
        ("UNPROTECTED PRIVATE KEY FILE", SshFailureKind.Authentication, "make the key file readable for you alone: chmod 600"),
        ("Host key verification failed", SshFailureKind.KeyUnknown, "compare the host's key and add it to the lab's known_hosts"),
        ("Bad configuration option", SshFailureKind.Configuration, "correct the ssh_config"),
        ("Bad owner or permissions", SshFailureKind.Configuration, "correct owner and mode of the file"),
        ("terminating, ", SshFailureKind.Configuration, "correct the ssh_config"),
        ("no matching host key type", SshFailureKind.Configuration, "the host offers only algorithms this ssh no longer takes; allow one in ssh_config"),
        ("Unable to negotiate", SshFailureKind.Configuration, "the host offers only algorithms this ssh no longer takes; allow one in ssh_config"),
        ("kex_exchange_identification", SshFailureKind.Closed, "sshd closed at once: too many logins at a time (MaxStartups), or an address filter"),
        ("Connection reset", SshFailureKind.Closed, "the link or the host went away; see to the management path"),
        ("Connection closed", SshFailureKind.Closed, "the host ended the connection; its log says why"),
        ("Broken pipe", SshFailureKind.Closed, "the link or the host went away; see to the management path"),
        ("This account is", SshFailureKind.NoShell, "the user may not log in: give the account a shell"),
        ("sudo:", SshFailureKind.Authentication, "allow the user `sudo -n` for the shell, without a password"),
        ("not found", SshFailureKind.NoShell, "the far side needs a POSIX shell (sh)"),
    ];

    /// <summary>Why a connection failed.</summary>
    /// <param name="host">The host's name in the plan.</param>
    /// <param name="error">What ssh printed on standard error.</param>
    /// <param name="wasOpen">Whether the far side had answered before.</param>
    public static SshFailure Read(string host, string error, bool wasOpen)
    {
        if (error.Contains("REMOTE HOST IDENTIFICATION HAS CHANGED", StringComparison.Ordinal))
        {
            return Changed(host, error);
        }

        foreach (var (text, kind, hint) in Known)
        {
            var line = error.Split('\n').FirstOrDefault(l => l.Contains(text, StringComparison.OrdinalIgnoreCase));
            if (line is not null)
            {
                return new SshFailure(kind, host, Printable(line), hint);
            }
        }

        var last = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        return (wasOpen, last) switch
        {
            (true, null) => new SshFailure(SshFailureKind.Closed, host, "the far side closed the channel", "its shell or sshd ended; the host's log says why"),
            (true, _) => new SshFailure(SshFailureKind.Closed, host, $"the far side closed the channel: {Printable(last)}", "its shell or sshd ended; the host's log says why"),
            (false, null) => new SshFailure(SshFailureKind.NoShell, host, "logged in, but the channel was closed and no POSIX shell answered", "the far side needs a POSIX shell: give the account one, or name it in 'shell'"),
            _ => new SshFailure(SshFailureKind.Other, host, Printable(last), "try the same with `ssh -v`"),
        };
    }

    /// <summary>A line of someone else's text, safe to print: no control characters, at most 300 characters.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Trim().Take(300).Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c));

    private static SshFailure Changed(string host, string error)
    {
        var now = Sent().Match(error) is { Success: true } sent ? sent.Groups[1].Value : "unknown";
        var before = "unknown";
        var where = "the lab's known_hosts";
        if (Offending().Match(error) is { Success: true } offending)
        {
            where = $"{offending.Groups[1].Value}:{offending.Groups[2].Value}";
            before = Fingerprint(offending.Groups[1].Value, int.Parse(offending.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)) ?? before;
        }

        return new SshFailure(
            SshFailureKind.KeyChanged, host, $"its host key has changed: {before} was kept in {where}, {now} is offered now",
            "if the host was set up anew, compare the new fingerprint on its console and remove that line; else someone is in between");
    }

    /// <summary>SHA-256 fingerprint of the key in a line of a known_hosts file, as ssh prints it.</summary>
    private static string? Fingerprint(string file, int line)
    {
        try
        {
            var fields = File.ReadLines(file).Skip(line - 1).FirstOrDefault()?.Split(' ');
            return fields is { Length: >= 3 } ? "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(fields[2]))).TrimEnd('=') : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"sent by the remote host is\s+(SHA256:[A-Za-z0-9+/]+)")]
    private static partial Regex Sent();

    [GeneratedRegex(@"Offending \S+ key in ([^\r\n]+):(\d+)")]
    private static partial Regex Offending();
}
