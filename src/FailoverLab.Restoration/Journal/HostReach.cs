namespace FailoverLab.Restoration;

/// <summary>How a host is reached again, without any file of the run.</summary>
/// <param name="Transport"><c>local</c>, or what the inventory of the hosts file must be asked for: <c>ssh</c>.</param>
/// <param name="Prefix">Of <c>local</c>: arguments before each command's own.</param>
/// <param name="Root">Directory on the host below which the guard keeps its part; empty when the host has no guard.</param>
public sealed record HostReach(string Transport, IReadOnlyList<string> Prefix, string Root);
