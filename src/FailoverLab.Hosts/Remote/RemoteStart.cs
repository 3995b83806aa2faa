namespace FailoverLab.Hosts;

/// <summary>When a held job was released, host clock: not before the one, not after the other.</summary>
internal readonly record struct RemoteStart(long LowNs, long HighNs);
