namespace FailoverLab.Control;

/// <summary>How a router's score is made of its free shares.</summary>
/// <param name="Cpu">Weight of free CPU.</param>
/// <param name="Memory">Weight of free memory.</param>
/// <param name="Bandwidth">Weight of free bandwidth.</param>
/// <param name="Connections">Weight of free connections.</param>
/// <param name="MaxBandwidthMbps">Bandwidth at which nothing is free, Mbit/s.</param>
/// <param name="MaxConnections">Tunnels at which nothing is free.</param>
public sealed record ScoreWeights(double Cpu, double Memory, double Bandwidth, double Connections, double MaxBandwidthMbps, int MaxConnections)
{
    /// <summary>0.30, 0.20, 0.30, 0.20 of 1000 Mbit/s and 100 tunnels.</summary>
    public static ScoreWeights Default { get; } = new(0.30, 0.20, 0.30, 0.20, 1000, 100);

    /// <summary>
    /// The score: each weight times its free share. With weights that sum to 1 it lies in 0..1, more is freer. 25.5 % CPU, 45.2 % memory,
    /// 150.3 Mbit/s and 5 tunnels make 0.77801 (the original's README prints 0.785).
    /// </summary>
    public double Score(RouterReport report) =>
        (Cpu * Math.Clamp((100 - report.CpuPercent) / 100, 0, 1))
        + (Memory * Math.Clamp((100 - report.MemoryPercent) / 100, 0, 1))
        + (Bandwidth * Math.Clamp((MaxBandwidthMbps - report.BandwidthMbps) / MaxBandwidthMbps, 0, 1))
        + (Connections * Math.Clamp((MaxConnections - report.ActiveTunnels) / (double)MaxConnections, 0, 1));
}
