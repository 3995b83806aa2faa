using System.Text.Json;
using System.Text.Json.Nodes;

namespace FailoverLab.Scenarios;

/// <summary>JSON Schemas (draft-07, which editors' YAML servers read) of the files people write.</summary>
public static class SchemaText
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The files that have a schema: <c>scenario</c>, <c>hosts</c>, <c>topology</c>, <c>profile</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["scenario", "hosts", "topology", "profile"];

    /// <summary>The schema of a file.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>Indented JSON without a final line break.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not one of them.</exception>
    public static string For(string name) => name switch
    {
        "scenario" => Build(ScenarioKeys.Scenario, [ScenarioKeys.Step, ScenarioKeys.Capture, ScenarioKeys.Traffic, ScenarioKeys.Degrade, ScenarioKeys.Run, ScenarioKeys.Kill, ScenarioKeys.Expectation, .. ImpairmentKeys.Inner]),
        "hosts" => Build(LabKeys.Hosts, [LabKeys.Ssh, LabKeys.Host, LabKeys.Stack, LabKeys.Link, LabKeys.Pve, ImpairmentKeys.Profile, .. ImpairmentKeys.Inner]),
        "topology" => Build(LabKeys.Topology, [LabKeys.Node, LabKeys.Interface, LabKeys.Route, LabKeys.WanLink, ImpairmentKeys.Profile, .. ImpairmentKeys.Inner]),
        "profile" => Build(ProfileKeys.File, [ImpairmentKeys.Profile, .. ImpairmentKeys.Inner]),
        _ => throw new ArgumentException($"There is no schema '{name}'.", nameof(name)),
    };

    private static string Build(KeyGroup root, params IReadOnlyList<KeyGroup> definitions)
    {
        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = $"FailoverLab: {root.Title}" };
        foreach (var (key, value) in Mapping(root).ToList())
        {
            schema[key] = value?.DeepClone();
        }
        schema["definitions"] = new JsonObject(definitions.Select(d => KeyValuePair.Create(d.Name, (JsonNode?)Mapping(d))));
        return schema.ToJsonString(Indented);
    }

    private static JsonObject Mapping(KeyGroup group)
    {
        var mapping = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. group.Keys.Where(k => k.IsRequired).Select(k => (JsonNode)k.Name)]),
            ["properties"] = new JsonObject(group.Keys.Select(k => KeyValuePair.Create(k.Name, (JsonNode?)Property(k)))),
        };
        if (group.OneOf.Count > 0)
        {
            mapping["oneOf"] = new JsonArray([.. group.OneOf.Select(k => new JsonObject { ["required"] = new JsonArray(k) })]);
        }
        return mapping;
    }

    private static JsonObject Property(KeySpec key)
    {
        // In draft-07 a $ref hides its siblings, so the description goes around it.
        var shape = key.Shape.DeepClone().AsObject();
        var property = shape.ContainsKey("$ref") ? new JsonObject { ["allOf"] = new JsonArray(shape) } : shape;
        property["description"] = $"{key.Meaning}. {key.Type}; {key.Range}. {(key.IsRequired ? "Required" : $"Default: {key.Default}")}. Example: {key.Example}";
        return property;
    }
}
