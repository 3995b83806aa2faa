namespace FailoverLab.Services;

/// <summary>What texts a service takes.</summary>
internal static class ApiText
{
    /// <summary>Most characters of a text.</summary>
    public const int MaxLength = 256;

    /// <summary>The form in words.</summary>
    public const string IdForm = "a text of 1 to 256 characters without control characters";

    /// <summary>Whether a text is one: what is kept ends up in logs, tables and metrics.</summary>
    public static bool IsId(string text) => text.Length is >= 1 and <= MaxLength && !text.Any(char.IsControl);
}
