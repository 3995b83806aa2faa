namespace FailoverLab.Hosts;

/// <summary>One line of <c>doctor</c> or <c>hosts check</c>.</summary>
/// <param name="Host">The host's name in the inventory.</param>
/// <param name="Check">What was looked at, in a word or two.</param>
/// <param name="Status">What it came to.</param>
/// <param name="Evidence">What was seen, one line.</param>
/// <param name="Fix">What to do, one line, where possible a command; absent where nothing need be done.</param>
public sealed record Finding(string Host, string Check, FindingStatus Status, string Evidence, string? Fix);
