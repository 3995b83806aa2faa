namespace FailoverLab.Hosts;

/// <summary>An address that is a host's own.</summary>
/// <param name="Host">Host of the plan.</param>
/// <param name="Address">IPv4 or IPv6 address in its usual text (RFC 5952), without a prefix length.</param>
public sealed record HostAddress(string Host, string Address);
