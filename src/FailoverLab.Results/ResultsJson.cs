using System.Text.Json;
using System.Text.Json.Serialization;

namespace FailoverLab.Results;

/// <summary>The one JSON form of <c>result.json</c> and <c>gauge.json</c> (<see cref="Document"/>) and of <c>events.ndjson</c> (<see cref="Line"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(GaugeResult))]
public sealed partial class ResultsJson : JsonSerializerContext
{
    /// <summary>Indented, for documents.</summary>
    public static ResultsJson Document { get; } = new(MakeOptions(indented: true));

    /// <summary>One line, for append-only files.</summary>
    public static ResultsJson Line { get; } = new(MakeOptions(indented: false));

    private static JsonSerializerOptions MakeOptions(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = indented,
        Converters =
        {
            new KebabEnum<Verdict>(), new KebabEnum<FlowKind>(), new KebabEnum<FailoverKind>(), new KebabEnum<RunEventKind>(),
            new JsonStringEnumConverter<AnatomyMarkKind>(JsonNamingPolicy.CamelCase),
        },
    };

    private sealed class KebabEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
        where T : struct, Enum;
}
