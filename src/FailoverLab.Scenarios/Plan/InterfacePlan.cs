namespace FailoverLab.Scenarios;

/// <summary>One interface of a node.</summary>
/// <param name="Name">1..15 characters.</param>
/// <param name="Addresses">Addresses with prefix length, <c>192.0.2.2/28</c>; documentation ranges only.</param>
/// <param name="BridgePorts">Interfaces of the same node bridged under this one; empty unless this interface is a bridge.</param>
public sealed record InterfacePlan(string Name, IReadOnlyList<string> Addresses, IReadOnlyList<string> BridgePorts);
