using System.Buffers;
using System.Globalization;
using System.Net;

namespace FailoverLab.Scenarios;

/// <summary>
/// Forms of what is handed to ssh. The client itself refuses hostile names only on its command line, not in a file of its own form, and
/// it expands % tokens and ${variables} in file names; so nothing that could mean either gets this far.
/// </summary>
internal static class SshForm
{
    public const string UserWords = "a user name (1 to 64 of A-Z a-z 0-9 . _ -, first a letter, digit or _)";
    public const string AddressWords = "a host name or an IP address";
    public const string JumpWords = "a list of [user@]host[:port], parted by commas";
    public const string ShellWords = "a program's name or path (1 to 128 of A-Z a-z 0-9 . _ / -)";
    public const string FileWords = "a file name (one line, without % $ \" ' ` \\ * ? ; | & < >; only '~/' may begin it with a tilde)";

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int MaxJumps = 8;
    private static readonly SearchValues<char> UserChars = SearchValues.Create(Letters + "._-");
    private static readonly SearchValues<char> ShellChars = SearchValues.Create(Letters + "._/-");
    private static readonly SearchValues<char> OptionChars = SearchValues.Create(Letters + "@._,+:*^-");
    private static readonly SearchValues<char> NotInFiles = SearchValues.Create("%$\"'`\\*?;|&<>");

    public static bool IsUser(string text) =>
        text.Length is >= 1 and <= 64 && IsFirst(text[0]) && !text.AsSpan().ContainsAnyExcept(UserChars);

    /// <summary>A % stands only before the zone of an IPv6 address, where ssh takes it for no token.</summary>
    public static bool IsAddress(string text) =>
        NameForm.IsHost(text)
            ? !text.Contains('%', StringComparison.Ordinal) || (text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out _))
            : text.StartsWith(':') && !text.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(text, out _);

    public static bool IsJump(string text) => text.Split(',') is { Length: <= MaxJumps } hops && hops.All(IsHop);

    public static bool IsShell(string text) =>
        text.Length is >= 1 and <= 128 && (IsFirst(text[0]) || text[0] == '/') && !text.AsSpan().ContainsAnyExcept(ShellChars);

    public static bool IsOptionValue(string text) => text.Length is >= 1 and <= 512 && !text.AsSpan().ContainsAnyExcept(OptionChars);

    /// <summary>Whether a file name, absolute or below the home directory, means itself and nothing else to ssh.</summary>
    public static bool IsFile(string text) =>
        text.Length is >= 1 and <= 4096 && text[0] is not '-' && !text.AsSpan().ContainsAny(NotInFiles) && text.All(IsPlain)
        && (!text.Contains('~', StringComparison.Ordinal) || text.LastIndexOf('~') > 0 || text.StartsWith("~/", StringComparison.Ordinal));

    /// <summary>One line of visible text, for people.</summary>
    public static bool IsLabel(string text) => text.Length is >= 1 and <= 100 && text.All(IsPlain);

    /// <summary>Text cut and cleaned to what a message can hold.</summary>
    public static string Shown(string text) => string.Concat((text.Length <= 60 ? text : text[..57] + "...").Select(c => IsPlain(c) ? c : ' '));

    private static bool IsHop(string hop)
    {
        var at = hop.LastIndexOf('@');
        var (user, rest) = at < 0 ? (null, hop) : (hop[..at], hop[(at + 1)..]);
        if (user is not null && !IsUser(user))
        {
            return false;
        }

        var colon = rest.LastIndexOf(':');
        if (rest.StartsWith('['))
        {
            var end = rest.IndexOf(']', StringComparison.Ordinal);
            return end > 0 && IsAddress(rest[1..end]) && (end == rest.Length - 1 || (rest[end + 1] == ':' && IsPort(rest[(end + 2)..])));
        }

        return colon < 0 ? IsAddress(rest) : IsAddress(rest[..colon]) && !rest[..colon].Contains(':', StringComparison.Ordinal) && IsPort(rest[(colon + 1)..]);
    }

    private static bool IsPort(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;

    private static bool IsFirst(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>Visible, or a plain blank: nothing that breaks a line, hides, or turns the direction of writing.</summary>
    private static bool IsPlain(char c) => c == ' ' || char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
