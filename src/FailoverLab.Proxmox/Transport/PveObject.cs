using System.Globalization;
using System.Text.Json;

namespace FailoverLab.Proxmox;

/// <summary>
/// An object of an answer, read with suspicion. Numbers and texts stand for each other, as PVE's own clients find them; anything else is a fault.
/// </summary>
internal readonly struct PveObject
{
    private readonly PveCall _call;
    private readonly JsonElement _element;

    private PveObject(PveCall call, JsonElement element) => (_call, _element) = (call, element);

    /// <summary>Keys and values.</summary>
    public IEnumerable<JsonProperty> Entries => _element.EnumerateObject();

    public static PveObject Of(PveCall call, JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? new PveObject(call, element) : throw Wrong(call, "an object", element);

    public static PveException Wrong(PveCall call, string wanted, JsonElement seen) =>
        new(PveFault.Malformed, $"{call}: the answer should be {wanted}, but it is {Named(seen.ValueKind)}", "is this a PVE host, and is there nothing between it and us?");

    /// <summary>A text that must be there.</summary>
    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    /// <summary>A text; <see langword="null"/> where it is absent.</summary>
    public string? TextOrNull(string name) => Find(name) is not { } value ? null
        : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw Unfit(name, "a text", value),
        };

    /// <summary>A whole number that must be there.</summary>
    public long Number(string name) => NumberOrNull(name) ?? throw Missing(name);

    /// <summary>A whole number; <see langword="null"/> where it is absent.</summary>
    public long? NumberOrNull(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            return number;
        }

        return value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? number
            : throw Unfit(name, "a whole number", value);
    }

    /// <summary>A yes or no, also as 0 or 1; <see langword="null"/> where it is absent.</summary>
    public bool? FlagOrNull(string name) => Find(name) is not { } value ? null
        : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number or JsonValueKind.String when value.ToString() is "0" or "1" or "" => value.ToString() == "1",
            _ => throw Unfit(name, "0 or 1", value),
        };

    private JsonElement? Find(string name) => _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private PveException Missing(string name) => new(PveFault.Malformed, $"{_call}: the answer has no '{name}'");

    private PveException Unfit(string name, string wanted, JsonElement seen) =>
        new(PveFault.Malformed, $"{_call}: '{name}' of the answer should be {wanted}, but it is {Named(seen.ValueKind)}");

    private static string Named(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "nothing",
    };
}
