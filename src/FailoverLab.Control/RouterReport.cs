namespace FailoverLab.Control;

/// <summary>What a router last said of itself.</summary>
/// <param name="RouterId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="CpuPercent">0..100.</param>
/// <param name="MemoryPercent">0..100.</param>
/// <param name="BandwidthMbps">Mbit/s sent.</param>
/// <param name="ActiveTunnels">Tunnels it serves.</param>
/// <param name="InternalIp">Its inner address.</param>
/// <param name="ExternalIp">Its outer address.</param>
public sealed record RouterReport(
    string RouterId, string Name, double CpuPercent, double MemoryPercent, double BandwidthMbps, int ActiveTunnels, string? InternalIp, string? ExternalIp);
