using System.Globalization;
using System.Net;

namespace FailoverLab.Stack;

/// <summary>An address as an interface holds it.</summary>
/// <param name="Address">The address, host bits included.</param>
/// <param name="PrefixLength">0..32 or 0..128.</param>
public sealed record InterfaceAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>The form iproute2 takes.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
