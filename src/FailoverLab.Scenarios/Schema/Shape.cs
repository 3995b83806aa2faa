using System.Text.Json.Nodes;

namespace FailoverLab.Scenarios;

/// <summary>Pieces of JSON Schema (draft-07). Each call makes a new node, since a node has one parent.</summary>
internal static class Shape
{
    public const string DurationPattern = @"^[0-9]+(\.[0-9]+)?(us|ms|s|m|h)$";
    public const string SharePattern = @"^[0-9]+(\.[0-9]+)?%$";
    public const string RatePattern = @"^(unlimited|[0-9]+(\.[0-9]+)?[kMG]?bit/s)$";

    public const string QueuePattern = @"^[0-9]+(\.[0-9]+)?(us|ms|s|m|B|packets)$";

    public static JsonObject Text() => new() { ["type"] = "string", ["minLength"] = 1 };

    public static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    public static JsonObject Duration() => Pattern(DurationPattern);

    public static JsonObject Name() => Pattern("^[a-z0-9][a-z0-9-]{0,31}$");

    public static JsonObject Host() => Pattern("^[A-Za-z0-9_][A-Za-z0-9._:%-]{0,252}$");

    public static JsonObject Secret() => Pattern("^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$");

    public static JsonObject Flag() => new() { ["type"] = "boolean" };

    public static JsonObject Whole(long min, long max) => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };

    public static JsonObject Word(params IEnumerable<string> words) => new() { ["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) };

    public static JsonObject Only(int value) => new() { ["const"] = value };

    public static JsonObject Only(string value) => new() { ["const"] = value };

    public static JsonObject Nothing() => new() { ["type"] = "null" };

    public static JsonObject Group(string name) => new() { ["$ref"] = $"#/definitions/{name}" };

    public static JsonObject ListOf(JsonObject item, int min = 1) => new() { ["type"] = "array", ["items"] = item, ["minItems"] = min };

    public static JsonObject MapOf(JsonObject value) => new() { ["type"] = "object", ["additionalProperties"] = value };

    public static JsonObject Any(params IEnumerable<JsonObject> shapes) => new() { ["anyOf"] = new JsonArray([.. shapes]) };

    public static JsonObject OneOrMany(Func<JsonObject> item) => Any(item(), ListOf(item()));
}
