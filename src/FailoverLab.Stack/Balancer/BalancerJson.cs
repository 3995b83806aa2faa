using System.Text.Json.Serialization;

namespace FailoverLab.Stack;

/// <summary>Serializers of what is exchanged with the balancer, generated at build time.</summary>
[JsonSerializable(typeof(RouterMetrics))]
[JsonSerializable(typeof(BalancerAnswer))]
internal sealed partial class BalancerJson : JsonSerializerContext;
