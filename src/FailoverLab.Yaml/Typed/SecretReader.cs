namespace FailoverLab.Yaml;

/// <summary>
/// Secrets that stand in a file by reference: <c>env:NAME</c> names an environment variable, <c>file:PATH</c> a file whose last line
/// break does not count. Other text is the secret itself.
/// </summary>
public static class SecretReader
{
    private const string EnvironmentPrefix = "env:";
    private const string FilePrefix = "file:";

    /// <summary>Reads a secret. No message ever holds it.</summary>
    /// <param name="value">The value as written.</param>
    /// <returns>The secret, or <see langword="null"/> when it is absent or its source is; then the fault was reported.</returns>
    public static string? Read(ValueReader value)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }

        if (text.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
        {
            return FromEnvironment(value, text[EnvironmentPrefix.Length..]);
        }

        return text.StartsWith(FilePrefix, StringComparison.Ordinal) ? FromFile(value, text[FilePrefix.Length..]) : text;
    }

    private static string? FromEnvironment(ValueReader value, string name)
    {
        var secret = Environment.GetEnvironmentVariable(name);
        if (!string.IsNullOrEmpty(secret))
        {
            return secret;
        }

        value.Error(YamlCodes.NoValue, $"{value.What} refers to the environment variable '{name}', which is not set");
        return null;
    }

    private static string? FromFile(ValueReader value, string path)
    {
        try
        {
            var secret = File.ReadAllText(path).TrimEnd('\r', '\n');
            if (secret.Length > 0)
            {
                return secret;
            }

            value.Error(YamlCodes.NoValue, $"{value.What} refers to the file '{path}', which is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            value.Error(YamlCodes.Unreadable, $"{value.What} refers to the file '{path}', which cannot be read: {e.Message}");
        }

        return null;
    }
}
