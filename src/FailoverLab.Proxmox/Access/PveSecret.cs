namespace FailoverLab.Proxmox;

/// <summary>
/// Where a secret stands: <c>env:NAME</c> or <c>file:PATH</c>. Only the reference is ever kept or shown; the secret is read when it is sent.
/// </summary>
public sealed record PveSecret
{
    private const string EnvironmentPrefix = "env:";
    private const string FilePrefix = "file:";
    private const int MaxBytes = 4096;

    private readonly Func<string>? _read;

    private PveSecret(string reference, Func<string>? read = null) => (Reference, _read) = (reference, read);

    /// <summary>The reference as written.</summary>
    public string Reference { get; }

    /// <summary>Reads a reference.</summary>
    /// <param name="text">As written in a file or on a command line.</param>
    /// <returns>The reference, or <see langword="null"/> where the text is none; it may then be a secret itself and must not be shown.</returns>
    public static PveSecret? Parse(string text)
    {
        var rest = text.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) ? text[EnvironmentPrefix.Length..]
            : text.StartsWith(FilePrefix, StringComparison.Ordinal) ? text[FilePrefix.Length..]
            : "";
        return rest.Length > 0 && !rest.Any(char.IsControl) ? new PveSecret(text) : null;
    }

    /// <summary>A secret that somebody else keeps.</summary>
    /// <param name="reference">How it is shown; never the secret.</param>
    /// <param name="read">Gives the secret, or why there is none; called each time it is sent.</param>
    public static PveSecret Of(string reference, Func<(string? Secret, string? Fault)> read) =>
        new(reference, () => read() switch
        {
            (Secret: { } secret, _) => secret,
            (_, Fault: var fault) => throw new PveException(PveFault.NoSecret, $"no secret at '{reference}': {fault}"),
        });

    /// <summary>Reads the secret itself. A file's last line break does not count.</summary>
    /// <returns>At least one character, no control characters.</returns>
    /// <exception cref="PveException">It cannot be read (<see cref="PveFault.NoSecret"/>).</exception>
    public string Read()
    {
        var secret = _read is not null ? _read()
            : Reference.StartsWith(EnvironmentPrefix, StringComparison.Ordinal)
            ? Environment.GetEnvironmentVariable(Reference[EnvironmentPrefix.Length..]) ?? throw Missing("the environment variable is not set")
            : FromFile(Reference[FilePrefix.Length..]);
        return secret.Length == 0 ? throw Missing("it is empty")
            : secret.Any(char.IsControl) ? throw Missing("it holds control characters")
            : secret;
    }

    /// <summary>The reference; never the secret.</summary>
    public override string ToString() => Reference;

    private string FromFile(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw Missing($"the file is longer than {MaxBytes} bytes");
            }

            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Missing("the file cannot be read: " + refusal.Message);
        }
    }

    private PveException Missing(string why) => new(PveFault.NoSecret, $"no secret at '{Reference}': {why}");
}
