namespace FailoverLab.Restoration;

/// <summary>One host of one run, as a recovery found and left it.</summary>
/// <param name="Lab">The lab's name.</param>
/// <param name="Run">The run's id.</param>
/// <param name="Host">The host's name in the plan.</param>
/// <param name="Found">What was found there, in words.</param>
/// <param name="Changes">Its changes, newest first.</param>
/// <param name="Fault">What stands in the way, or absent.</param>
/// <param name="Restored">Whether it is as it was before that run.</param>
/// <param name="Left">What is left to do by hand, as lines.</param>
public sealed record RecoveredHost(
    string Lab, string Run, string Host, string Found, IReadOnlyList<RecoveredChange> Changes, string? Fault, bool Restored, IReadOnlyList<string> Left);
