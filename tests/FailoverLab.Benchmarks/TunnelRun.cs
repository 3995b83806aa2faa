namespace FailoverLab.Benchmarks;

/// <summary>What one turn of one tunnel gave.</summary>
/// <param name="UpMbps">TCP from near to far as received, Mbit/s.</param>
/// <param name="DownMbps">TCP from far to near as received, Mbit/s.</param>
/// <param name="RttUs">Median round-trip time, us.</param>
internal readonly record struct TunnelRun(double UpMbps, double DownMbps, double RttUs);
