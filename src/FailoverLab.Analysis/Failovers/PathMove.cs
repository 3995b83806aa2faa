namespace FailoverLab.Analysis;

/// <summary>One flow's move from one working path to the next.</summary>
/// <param name="Flow">Index of the flow.</param>
/// <param name="From">The working path before.</param>
/// <param name="To">The working path after; absent when traffic never came back.</param>
/// <param name="AtNs">Entry of the first packet into the new path; without one, arrival of the last packet delivered.</param>
/// <param name="WasWorkingBefore">Whether the new path had been this flow's working path earlier.</param>
internal sealed record PathMove(int Flow, WorkingPath From, WorkingPath? To, long AtNs, bool WasWorkingBefore);
