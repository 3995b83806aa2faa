using System.Text.RegularExpressions;

namespace FailoverLab.Runner;

/// <summary>Takes secrets out of text that is kept or shown.</summary>
public static partial class SecretText
{
    /// <summary>Replaces the values of keys that hold secrets by <c>***</c>; references (<c>env:</c>, <c>file:</c>) stay, they say nothing.</summary>
    /// <param name="yaml">Text of a YAML file.</param>
    public static string Redact(string yaml) =>
        SecretValue().Replace(yaml, m => m.Groups["value"].Value.TrimStart('"', '\'').StartsWith("env:", StringComparison.Ordinal)
            || m.Groups["value"].Value.TrimStart('"', '\'').StartsWith("file:", StringComparison.Ordinal)
                ? m.Value
                : m.Groups["key"].Value + "***");

    [GeneratedRegex(@"(?<key>\b(?:psk|default_psk|password|passwd|token|secret|api_key)\s*:[ \t]*)(?<value>[^\s#{},][^\r\n,}]*)", RegexOptions.IgnoreCase)]
    private static partial Regex SecretValue();
}
