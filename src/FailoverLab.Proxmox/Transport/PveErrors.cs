using System.Text.Json;

namespace FailoverLab.Proxmox;

/// <summary>
/// Errors of PVE, told apart. What the body says counts first (<c>errors</c>, <c>message</c>); the text beside the status second, for proxies replace
/// it and old hosts have nothing else.
/// </summary>
internal static class PveErrors
{
    // What PVE says, in the words of its own sources; read without regard to case.
    private static readonly (string Words, PveFault Fault, string Hint)[] Known =
    [
        ("detected modified configuration", PveFault.Modified, "somebody else changed it meanwhile; look at it, then try again"),
        ("checksum missmatch", PveFault.Modified, "somebody else changed it meanwhile; look at it, then try again"),
        ("checksum mismatch", PveFault.Modified, "somebody else changed it meanwhile; look at it, then try again"),
        ("guest agent is not running", PveFault.NoAgent, "install qemu-guest-agent in the guest, or use its serial console"),
        ("No QEMU guest agent configured", PveFault.NoAgent, "switch the agent on in the machine's options, or use its serial console"),
        ("VM is locked", PveFault.Locked, "wait for the task that holds the lock, see the machine's task list"),
        ("can't lock file", PveFault.Locked, "another task changes this machine; wait for it"),
        ("got lock timeout", PveFault.Locked, "another task changes this machine; wait for it"),
        ("does not exist", PveFault.NotFound, ""),
        ("no such task", PveFault.NotFound, ""),
        ("Permission check failed", PveFault.Forbidden, ""),
    ];

    public static PveException Of(PveAnswer answer, PveRequest request, PveRedactor redactor)
    {
        var (message, parameters) = Said(answer, redactor);
        var (fault, hint) = answer.Status switch
        {
            >= 300 and < 400 => (PveFault.Redirected, "give the address that answers itself"),
            401 => (PveFault.Unauthorized, "is the user or token right, not expired, and its realm named?"),
            403 => (PveFault.Forbidden, NeedOf(request)),
            400 => (PveFault.BadRequest, null),
            404 => (PveFault.NotFound, null),
            412 => (PveFault.Modified, "somebody else changed it meanwhile; look at it, then try again"),
            (>= 595 and <= 599) or (>= 502 and <= 504) => (PveFault.Proxy, "the node that carries the machine does not answer the node that was asked"),
            _ => FromWords(message, request),
        };
        return new PveException(fault, $"{request}: {answer.Status} {message}".TrimEnd(), hint) { Status = answer.Status, Parameters = parameters };
    }

    private static (PveFault Fault, string? Hint) FromWords(string message, PveRequest request)
    {
        foreach (var (words, fault, hint) in Known)
        {
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return (fault, fault == PveFault.Forbidden ? NeedOf(request) : hint.Length > 0 ? hint : null);
            }
        }

        return (PveFault.Server, null);
    }

    private static (string Message, Dictionary<string, string> Parameters) Said(PveAnswer answer, PveRedactor redactor)
    {
        var parameters = new Dictionary<string, string>();
        var message = "";
        if (answer.Parse() is { ValueKind: JsonValueKind.Object } root)
        {
            if (root.TryGetProperty("message", out var said) && said.ValueKind == JsonValueKind.String)
            {
                message = redactor.Clean(said.GetString()!);
            }

            if (root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object)
            {
                foreach (var error in errors.EnumerateObject().Take(20))
                {
                    parameters[redactor.Clean(error.Name)] = redactor.Clean(error.Value.ToString());
                }
            }
        }

        message = message.Length > 0 ? message : redactor.Clean(answer.Reason);
        message = message.Length > 0 ? message : answer.Described();
        return (parameters.Count == 0 ? message : $"{message} ({string.Join("; ", parameters.Select(p => $"{p.Key}: {p.Value}"))})", parameters);
    }

    private static string? NeedOf(PveRequest request) => request.Call.Privileges.Length == 0 ? null
        : $"the credential needs {request.Call.Privileges.Replace("|", " or ", StringComparison.Ordinal).Replace("@", " on ", StringComparison.Ordinal)}; a token with privilege separation needs it itself";
}
