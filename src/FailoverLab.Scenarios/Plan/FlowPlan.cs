using System.Net;
using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>One probe flow in one direction.</summary>
public sealed record FlowPlan
{
    /// <summary>Flow number in the probe header; unique in the plan, from 1.</summary>
    public required uint Id { get; init; }

    /// <summary>Name in reports, <c>traffic&gt;business/ipv4</c>; unique in the plan.</summary>
    public required string Name { get; init; }

    /// <summary>Sending host.</summary>
    public required string From { get; init; }

    /// <summary>Receiving host.</summary>
    public required string To { get; init; }

    /// <summary>Address sent from, on <see cref="From"/>.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>Address sent to, on <see cref="To"/>; same family as <see cref="Source"/>.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>UDP destination port, and source port; 1024..65535, unique per receiving host.</summary>
    public required int Port { get; init; }

    /// <summary>Time between two packets; 100 us to 10 s.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>UDP payload bytes; 32..1400. Of a flow with coded sizes the smallest.</summary>
    public required int Size { get; init; }

    /// <summary>Whether sizes follow the probe's size code instead; absent in JSON when they do not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSizeCoded { get; init; }
}
