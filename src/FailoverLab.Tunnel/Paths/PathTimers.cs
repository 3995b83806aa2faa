namespace FailoverLab.Tunnel;

/// <summary>How fast silence is noticed.</summary>
/// <param name="KeepaliveNs">Interval between keepalives.</param>
/// <param name="Multiplier">Intervals of silence after which a path is dead; at least 2.</param>
public readonly record struct PathTimers(long KeepaliveNs, int Multiplier);
