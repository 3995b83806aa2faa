namespace FailoverLab.Runner;

/// <summary>One WAN path now.</summary>
/// <param name="Name">Path name.</param>
/// <param name="Condition">Impairments in force, in words: <c>good</c>, <c>silent drop</c>, <c>no carrier</c>, <c>loss 15%</c>.</param>
/// <param name="IsWorking">Whether the stack under test uses it now.</param>
/// <param name="UpPackets">Packets forwarded from the site so far.</param>
/// <param name="DownPackets">Packets forwarded towards the site so far.</param>
public sealed record PathState(string Name, string Condition, bool IsWorking, long UpPackets, long DownPackets);
