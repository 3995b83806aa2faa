using System.Text.Json;
using System.Text.Json.Serialization;

namespace FailoverLab.EmbeddedLab;

/// <summary>JSON lines between the program and the lab process. Both ends are always the same build.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LabRequest))]
[JsonSerializable(typeof(LabReply))]
internal sealed partial class LabWire : JsonSerializerContext
{
    public static string Write(LabRequest request) => JsonSerializer.Serialize(request, Default.LabRequest);

    public static string Write(LabReply reply) => JsonSerializer.Serialize(reply, Default.LabReply);

    public static LabRequest ReadRequest(string line) => JsonSerializer.Deserialize(line, Default.LabRequest)!;

    public static LabReply ReadReply(string line) => JsonSerializer.Deserialize(line, Default.LabReply)!;
}
