using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FailoverLab.Tunnel;

/// <summary>The control payloads as UTF-8 JSON. Serializers are generated at build time: no reflection at start.</summary>
[JsonSerializable(typeof(ActivationMessage))]
[JsonSerializable(typeof(RouteAdvertisement))]
[JsonSerializable(typeof(RouterUpdate))]
[JsonSerializable(typeof(AllocationRequest))]
[JsonSerializable(typeof(AllocationResponse))]
[JsonSourceGenerationOptions(MaxDepth = 8)]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>Reads one object; anything else gives <see langword="null"/>.</summary>
    public static T? TryRead<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes one object.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);
}
