namespace FailoverLab.Runner;

/// <summary>One probe flow now.</summary>
/// <param name="Name">Flow name.</param>
/// <param name="Sent">Packets sent so far.</param>
/// <param name="Received">Packets received so far.</param>
/// <param name="Silence">Time since the last arrival while the flow is sending; zero before the first.</param>
/// <param name="LongestSilence">Longest such time so far.</param>
public sealed record FlowState(string Name, long Sent, long Received, TimeSpan Silence, TimeSpan LongestSilence);
