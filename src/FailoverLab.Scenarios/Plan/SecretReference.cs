using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace FailoverLab.Scenarios;

/// <summary>A secret by the place it is kept in. Plans, journals and reports hold this, never the secret.</summary>
/// <param name="Source">Kind of place.</param>
/// <param name="Name">Name of the variable, or absolute path of the file.</param>
public sealed record SecretReference(SecretSource Source, string Name)
{
    private static readonly ConcurrentDictionary<string, string> Withdrawn = new(StringComparer.Ordinal);

    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads a reference as files write it.</summary>
    /// <param name="text"><c>env:NAME</c> or <c>file:PATH</c>.</param>
    /// <param name="reference">The reference; null when the text is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SecretReference? reference)
    {
        reference = text.Split(':', 2) switch
        {
            ["env", { Length: > 0 } name] when (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') =>
                new SecretReference(SecretSource.Environment, name),
            ["file", { Length: > 0 } path] when !path.Any(char.IsControl) => new SecretReference(SecretSource.File, path),
            _ => null,
        };
        return reference is not null;
    }

    /// <summary>Fetches the secret; call it where it is needed, and keep it no longer.</summary>
    /// <param name="secret">The secret without its final line break; null when there is none.</param>
    /// <param name="fault">Why there is none; never holds any of the secret.</param>
    public bool TryRead([NotNullWhen(true)] out string? secret, [NotNullWhen(false)] out string? fault)
    {
        (secret, fault) = Source == SecretSource.Environment ? FromEnvironment() : FromFile();
        return secret is not null;
    }

    /// <summary>
    /// Takes the variable out of the environment that programs started from here inherit; <see cref="TryRead"/> still gives the secret. A command
    /// of a scenario that prints its environment must not print secrets of the lab. Nothing for files. Safe from any thread, and to repeat.
    /// </summary>
    public void Withdraw()
    {
        if (Source == SecretSource.Environment && Environment.GetEnvironmentVariable(Name) is { Length: > 0 } value)
        {
            Withdrawn[Name] = value;
            Environment.SetEnvironmentVariable(Name, null);
        }
    }

    /// <summary>The reference as files write it.</summary>
    public override string ToString() => (Source == SecretSource.Environment ? "env:" : "file:") + Name;

    private (string? Secret, string? Fault) FromEnvironment() =>
        (Environment.GetEnvironmentVariable(Name) ?? Withdrawn.GetValueOrDefault(Name)) is { Length: > 0 } value ? (value, null) : (null, $"the environment variable '{Name}' is not set");

    private (string? Secret, string? Fault) FromFile()
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(Name) & OfOthers) != 0)
            {
                return (null, $"the file '{Name}' can be read by others; run: chmod 600 '{Name}'");
            }

            var secret = File.ReadAllText(Name).TrimEnd('\r', '\n');
            return secret.Length > 0 ? (secret, null) : (null, $"the file '{Name}' is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"the file '{Name}' cannot be read: {e.Message}");
        }
    }
}
