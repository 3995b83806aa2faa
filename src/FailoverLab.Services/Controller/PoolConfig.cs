using System.Net;

namespace FailoverLab.Services;

/// <summary>A pool of addresses: base + n.</summary>
/// <param name="Base">Address that n is added to.</param>
/// <param name="Start">Smallest n.</param>
/// <param name="End">Largest n.</param>
public sealed record PoolConfig(IPAddress Base, long Start, long End);
