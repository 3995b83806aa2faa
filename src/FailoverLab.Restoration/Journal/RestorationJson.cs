using System.Text.Json;
using System.Text.Json.Serialization;

namespace FailoverLab.Restoration;

/// <summary>The one JSON form of journal records and of what <c>recover --json</c> prints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalRecord))]
[JsonSerializable(typeof(RecoveryReport))]
public sealed partial class RestorationJson : JsonSerializerContext
{
    /// <summary>One line, for journals.</summary>
    public static RestorationJson Line { get; } = new(MakeOptions(indented: false));

    /// <summary>Indented, for documents.</summary>
    public static RestorationJson Document { get; } = new(MakeOptions(indented: true));

    private static JsonSerializerOptions MakeOptions(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = indented,
        Converters = { new JsonStringEnumConverter<JournalRecordKind>(JsonNamingPolicy.KebabCaseLower), new JsonStringEnumConverter<UndoOutcome>(JsonNamingPolicy.KebabCaseLower) },
    };
}
