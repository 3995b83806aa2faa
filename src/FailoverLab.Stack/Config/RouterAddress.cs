using System.Net;

namespace FailoverLab.Stack;

/// <summary>A router as an endpoint's configuration names it.</summary>
/// <param name="RouterId">Its id.</param>
/// <param name="External">Its outer address.</param>
/// <param name="Local">Local address to bind to when no WAN interfaces are configured; <see langword="null"/> for any.</param>
public sealed record RouterAddress(string RouterId, IPAddress External, IPAddress? Local);
