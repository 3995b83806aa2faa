using System.Text.Json;
using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>
/// The JSON form of a plan (<c>plan.json</c>), meant to be compared between runs: durations, rates and shares are written as the
/// YAML files write them, durations exactly.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunPlan))]
[JsonSerializable(typeof(InventoryPlan))]
public sealed partial class PlanJson : JsonSerializerContext
{
    private static readonly PlanJson Document = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        // A file on disk, never part of a web page: '>' in flow names stays readable.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            PlanValueConverters.Duration, PlanValueConverters.Address, PlanValueConverters.Share, PlanValueConverters.Rate, PlanValueConverters.Position, PlanValueConverters.Secret,
            new KebabEnum<ExpectationMetric>(), new KebabEnum<HostTransport>(), new KebabEnum<LinkDirection>(), new KebabEnum<StopTarget>(),
            new KebabEnum<LinkDriver>(), new KebabEnum<AgentUse>(), new KebabEnum<QueueDrop>(), new KebabEnum<TraceClock>(),
        },
    });

    /// <summary>Writes a plan, indented.</summary>
    public static string Write(RunPlan plan) => JsonSerializer.Serialize(plan, Document.RunPlan);

    /// <summary>Writes an inventory, indented.</summary>
    public static string Write(InventoryPlan plan) => JsonSerializer.Serialize(plan, Document.InventoryPlan);

    /// <summary>Reads what <see cref="Write(RunPlan)"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not a plan.</exception>
    public static RunPlan Read(string json) =>
        JsonSerializer.Deserialize(json, Document.RunPlan) ?? throw new JsonException("The text is no plan.");

    private sealed class KebabEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
        where T : struct, Enum;
}
