using System.Net;

namespace FailoverLab.Stack;

/// <summary>One WAN of an endpoint.</summary>
/// <param name="Device">Interface that tunnel sockets are bound to; <see langword="null"/> where the configuration names none: the routes decide.</param>
/// <param name="Path">Name of the path in events and reports.</param>
/// <param name="Gateway">Next hop by which the routers are reached; <see langword="null"/> leaves the routes as they are.</param>
/// <param name="Weight">Share of the flows where they are spread, above 0.</param>
public sealed record WanInterface(string? Device, string Path, IPAddress? Gateway, double Weight = 1);
