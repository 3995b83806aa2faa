using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>Reads a JSON request body member by member; every fault is kept for one answer.</summary>
internal sealed class JsonRequest : IDisposable
{
    private const int MaxText = 256;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    private readonly JsonDocument _document;
    private readonly List<string> _faults = [];

    private JsonRequest(JsonDocument document) => _document = document;

    /// <summary>What is wrong; <see langword="null"/> when nothing is.</summary>
    public string? Faults => _faults.Count == 0 ? null : string.Join("; ", _faults);

    /// <summary>Reads the body.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static async Task<JsonRequest> ReadAsync(HttpContext context)
    {
        var request = new JsonRequest(await JsonDocument.ParseAsync(context.Request.Body, Options, context.RequestAborted));
        if (request._document.RootElement.ValueKind != JsonValueKind.Object)
        {
            request._faults.Add("the body is not an object");
        }

        return request;
    }

    /// <summary>A text of 1 to 256 characters that must be there; empty when it is faulty.</summary>
    public string Text(string name)
    {
        if (Optional(name) is { } text)
        {
            return text;
        }

        _faults.Add($"'{name}' must be a text of 1 to {MaxText} characters");
        return "";
    }

    /// <summary>A text that may be absent or null.</summary>
    public string? Optional(string name)
    {
        if (Member(name) is not { } member || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.ValueKind == JsonValueKind.String && member.GetString() is { Length: >= 1 and <= MaxText } text)
        {
            return text;
        }

        _faults.Add($"'{name}' must be a text of 1 to {MaxText} characters");
        return null;
    }

    /// <summary>A number that must be there and in range.</summary>
    public double Number(string name, double min, double max)
    {
        if (Member(name) is { ValueKind: JsonValueKind.Number } member && member.TryGetDouble(out var value) && value >= min && value <= max)
        {
            return value;
        }

        _faults.Add(FormattableString.Invariant($"'{name}' must be a number from {min} to {max}"));
        return min;
    }

    /// <summary>One of several words.</summary>
    public string OneOf(string name, IReadOnlyList<string> allowed)
    {
        if (Optional(name) is { } text && allowed.Contains(text))
        {
            return text;
        }

        _faults.Add($"'{name}' must be one of: {string.Join(", ", allowed)}");
        return "";
    }

    /// <summary>A list of texts, or of objects with a <c>name</c>; empty when absent.</summary>
    public IReadOnlyList<string> Names(string name)
    {
        if (Member(name) is not { ValueKind: JsonValueKind.Array } list)
        {
            return [];
        }

        return [.. list.EnumerateArray().Take(64).Select(NameOf).OfType<string>()];
    }

    /// <summary>Any value, kept as its JSON text; <see langword="null"/> when absent.</summary>
    public string? Raw(string name) => Member(name)?.GetRawText();

    public void Dispose() => _document.Dispose();

    private static string? NameOf(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => item.GetString(),
        JsonValueKind.Object when item.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String => name.GetString(),
        _ => null,
    };

    private JsonElement? Member(string name) =>
        _document.RootElement.ValueKind == JsonValueKind.Object && _document.RootElement.TryGetProperty(name, out var member) ? member : null;
}
