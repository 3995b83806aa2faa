using System.Net;

namespace FailoverLab.Linux;

/// <summary>An address of an interface as the kernel announced it.</summary>
/// <param name="InterfaceIndex">The interface's index.</param>
/// <param name="Address">IPv4 or IPv6, without scope.</param>
/// <param name="IsUsable">Whether packets can be sent from it now; <see langword="false"/> when it was taken away, is still being checked for duplicates (RFC 4862), or failed that check.</param>
public readonly record struct AddressEvent(int InterfaceIndex, IPAddress Address, bool IsUsable);
