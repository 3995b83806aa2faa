using System.Globalization;

namespace FailoverLab.Restoration;

/// <summary>Names that can stand in a path and on a command line.</summary>
internal static class SafeName
{
    private const int MaxLength = 120;

    /// <summary>The name with everything but ASCII letters, digits, <c>-</c>, <c>_</c> and inner dots written as <c>%XX</c>.</summary>
    public static string Of(string name)
    {
        var safe = string.Concat(System.Text.Encoding.UTF8.GetBytes(name).Select((b, n) =>
            char.IsAsciiLetterOrDigit((char)b) || b == '_' || (n > 0 && (b is (byte)'-' or (byte)'.'))
                ? ((char)b).ToString()
                : string.Create(CultureInfo.InvariantCulture, $"%{b:X2}")));
        return safe.Length switch { 0 => "%", > MaxLength => safe[..MaxLength], _ => safe };
    }
}
