namespace FailoverLab.Control;

/// <summary>Tunnel addresses that were given out.</summary>
/// <param name="Owner">Who has them.</param>
/// <param name="IPv4">The IPv4 address; <see langword="null"/> when that pool was empty.</param>
/// <param name="IPv6">The IPv6 address; <see langword="null"/> when that pool was empty.</param>
public sealed record AddressLease(string Owner, string? IPv4, string? IPv6);
