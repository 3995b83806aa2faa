namespace FailoverLab.Proxmox;

/// <summary>A call to a PVE host came to nothing. No message ever holds a secret, a ticket or a query.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">One sentence: what was asked of whom, and what was seen.</param>
/// <param name="hint">The cure, or <see langword="null"/> where the message already names it.</param>
public sealed class PveException(PveFault fault, string message, string? hint = null) : Exception(message)
{
    /// <summary>Why.</summary>
    public PveFault Fault { get; } = fault;

    /// <summary>The cure, or <see langword="null"/>.</summary>
    public string? Hint { get; } = hint;

    /// <summary>Faults by parameter, as the host names them; empty for other faults.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the host cannot have seen the request.</summary>
    internal bool IsUnsent { get; init; }

    /// <summary>HTTP status of the answer; <see langword="null"/> where there was none.</summary>
    public int? Status { get; init; }
}
