namespace FailoverLab.Tunnel;

/// <summary>What one side of a tunnel tells the other of the last time that it stood still itself.</summary>
/// <param name="LengthMs">How long, ms, 255 = that or longer; 0 = not of late, or it does not say.</param>
/// <param name="AgoMs">How long ago that ended, ms.</param>
public readonly record struct PauseReport(byte LengthMs, byte AgoMs);
