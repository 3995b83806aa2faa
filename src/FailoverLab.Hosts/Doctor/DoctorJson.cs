using System.Text.Json;
using System.Text.Json.Serialization;

namespace FailoverLab.Hosts;

/// <summary>The JSON of <c>doctor</c>, <c>hosts check</c> and <c>hosts clock</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
[JsonSerializable(typeof(IReadOnlyList<MeasuredClock>))]
public sealed partial class DoctorJson : JsonSerializerContext
{
    private static readonly DoctorJson Document = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<FindingStatus>(JsonNamingPolicy.KebabCaseLower) },
    });

    /// <summary>Writes findings, indented.</summary>
    public static string Write(IReadOnlyList<Finding> findings) => JsonSerializer.Serialize(findings, Document.IReadOnlyListFinding);

    /// <summary>Writes clocks, indented.</summary>
    public static string Write(IReadOnlyList<MeasuredClock> clocks) => JsonSerializer.Serialize(clocks, Document.IReadOnlyListMeasuredClock);
}
