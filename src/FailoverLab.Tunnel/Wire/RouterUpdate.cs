using System.Text.Json.Serialization;

namespace FailoverLab.Tunnel;

/// <summary>
/// ROUTER_UPDATE: the routes another router knows. It is read, judged and counted, and changes nothing: here every endpoint tells every router itself, so what
/// a third one says of an endpoint is never newer, and could only misdirect its traffic.
/// </summary>
public sealed record RouterUpdate
{
    /// <summary>Which router says so.</summary>
    [JsonPropertyName("router_id")]
    public string RouterId { get; init; } = "";

    /// <summary>Its routes, by prefix.</summary>
    [JsonPropertyName("routes")]
    public IReadOnlyDictionary<string, RouterUpdateRoute?> Routes { get; init; } = new Dictionary<string, RouterUpdateRoute?>();

    /// <summary>Number of the update.</summary>
    [JsonPropertyName("sequence")]
    public long Sequence { get; init; }

    /// <summary>Whether it names a router, and prefixes with an endpoint each.</summary>
    public bool IsWellFormed() => RouterId is { Length: > 0 } && Routes is not null && Routes.All(r => IpPrefix.TryParse(r.Key, out _) && r.Value?.EndpointId is { Length: > 0 });
}
