using System.Text.Json;

namespace FailoverLab.Proxmox;

/// <summary>An answer as it came, before it is judged; pure.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">Text beside the status; empty where there is none.</param>
/// <param name="MediaType">What the body claims to be.</param>
/// <param name="Body">The body.</param>
internal sealed record PveAnswer(int Status, string Reason, string MediaType, ReadOnlyMemory<byte> Body)
{
    private const int MaxDepth = 32;

    /// <summary>The answer's <c>data</c>, or the fault it stands for.</summary>
    /// <exception cref="PveException">It is an error, or nothing PVE answers.</exception>
    public PveReply Judge(PveRequest request, PveRedactor redactor)
    {
        if (Status is < 200 or >= 300)
        {
            throw PveErrors.Of(this, request, redactor);
        }

        if (Parse() is not { ValueKind: JsonValueKind.Object } root)
        {
            throw Malformed(request, Described());
        }

        return root.TryGetProperty("data", out var data)
            ? new PveReply(request.Call, data, root.TryGetProperty("total", out var total) && total.ValueKind == JsonValueKind.Number && total.TryGetInt32(out var count) ? count : null)
            : throw Malformed(request, "the answer has no 'data'");
    }

    /// <summary>The body as JSON; <see langword="null"/> where it is none.</summary>
    public JsonElement? Parse()
    {
        try
        {
            using var document = JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return IsText() ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether every text in it is one: neither bytes that are no UTF-8 nor half a character behind an escape, which would be found only when it is read.</summary>
    private bool IsText()
    {
        var reader = new Utf8JsonReader(Body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>What the body is, for a person; nothing of what it says.</summary>
    public string Described() => Body.Length == 0 ? "the answer is empty"
        : MediaType.Contains("html", StringComparison.OrdinalIgnoreCase) || Body.Span[0] == (byte)'<' ? $"the answer is a web page ({Body.Length} bytes), not JSON"
        : $"the answer is not JSON ({Body.Length} bytes)";

    private PveException Malformed(PveRequest request, string what) =>
        new(PveFault.Malformed, $"{request}: {what}", "is this a PVE host, and is there no proxy or login page between it and us?") { Status = Status };
}
