using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>Reads a JSON request body member by member; every fault is kept for one answer.</summary>
internal sealed class JsonRequest : IDisposable
{
    private const int MaxNames = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly JsonDocument _document;
    private readonly List<string> _faults = [];

    private JsonRequest(JsonDocument document) => _document = document;

    /// <summary>What is wrong; <see langword="null"/> when nothing is.</summary>
    public string? Faults => _faults.Count == 0 ? null : string.Join("; ", _faults);

    /// <summary>Whether a body's type is JSON. Browsers send other sites' pages no such type unasked.</summary>
    public static bool IsJson(string? contentType) => contentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads the body.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static async Task<JsonRequest> ReadAsync(HttpContext context)
    {
        try
        {
            var request = new JsonRequest(await JsonDocument.ParseAsync(context.Request.Body, Options, context.RequestAborted));
            if (request._document.RootElement.ValueKind != JsonValueKind.Object)
            {
                request._faults.Add("the body is not an object");
            }

            return request;
        }
        catch (Exception e) when (e is InvalidOperationException or DecoderFallbackException)
        {
            // A member's name that is no Unicode text, found when looking for duplicates.
            throw new JsonException(e.Message, e);
        }
    }

    /// <summary>A text; <see langword="null"/> when absent, which is a fault if it must be there.</summary>
    public string? Text(ApiField field)
    {
        if (Member(field.Name) is not { } member || member.ValueKind == JsonValueKind.Null)
        {
            return field.IsRequired ? Fault(field, $"must be {Form(field)}") : null;
        }

        return TextOf(member) is { } text && IsAllowed(field, text) ? text : Fault(field, $"must be {Form(field)}");
    }

    /// <summary>A text that must be there; empty when it is faulty.</summary>
    public string Required(ApiField field) => Text(field) ?? "";

    /// <summary>A number in range; the smallest when absent or faulty.</summary>
    public double Number(ApiField field)
    {
        var (min, max) = (field.Min ?? double.MinValue, field.Max ?? double.MaxValue);
        if (Member(field.Name) is { ValueKind: not JsonValueKind.Null } member)
        {
            if (member.ValueKind == JsonValueKind.Number && member.TryGetDouble(out var value) && value >= min && value <= max)
            {
                return value;
            }
        }
        else if (!field.IsRequired)
        {
            return min;
        }

        Fault(field, field.Min is null ? "must be a number" : FormattableString.Invariant($"must be a number from {min} to {max}"));
        return min;
    }

    /// <summary>A list of texts, or of objects with a <c>name</c>; empty when absent.</summary>
    public IReadOnlyList<string> Names(ApiField field)
    {
        if (Member(field.Name) is not { ValueKind: not JsonValueKind.Null } list)
        {
            return [];
        }

        var names = list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= MaxNames ? list.EnumerateArray().Select(NameOf).ToList() : [null];
        if (names.TrueForAll(n => n is not null && ApiText.IsId(n)))
        {
            return names!;
        }

        Fault(field, $"must be a list of at most {MaxNames} names, or of objects with a 'name'");
        return [];
    }

    /// <summary>Any value, kept as its JSON text; <see langword="null"/> when absent.</summary>
    public string? Raw(ApiField field) => Member(field.Name)?.GetRawText();

    public void Dispose() => _document.Dispose();

    private static string Form(ApiField field) => field.Words is { } words ? $"one of: {string.Join(", ", words)}" : ApiText.IdForm;

    private static bool IsAllowed(ApiField field, string text) => field.Words?.Contains(text) ?? ApiText.IsId(text);

    private static string? NameOf(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => TextOf(item),
        JsonValueKind.Object when item.TryGetProperty("name", out var name) => TextOf(name),
        _ => null,
    };

    /// <summary>A text; <see langword="null"/> when it is none, or half a surrogate pair or broken UTF-8.</summary>
    private static string? TextOf(JsonElement item)
    {
        try
        {
            return item.ValueKind == JsonValueKind.String ? item.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private string? Fault(ApiField field, string what)
    {
        _faults.Add($"'{field.Name}' {what}");
        return null;
    }

    private JsonElement? Member(string name) =>
        _document.RootElement.ValueKind == JsonValueKind.Object && _document.RootElement.TryGetProperty(name, out var member) ? member : null;
}
