namespace FailoverLab.Hosts;

/// <summary>Why a host cannot be reached, in words.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Host">The host's name in the plan.</param>
/// <param name="Message">What was seen, one line.</param>
/// <param name="Hint">What to do about it, one line.</param>
public sealed record SshFailure(SshFailureKind Kind, string Host, string Message, string Hint)
{
    /// <summary>Both lines in one, with the host.</summary>
    public override string ToString() => $"host '{Host}': {Message}; {Hint}";
}
