namespace FailoverLab.Scenarios;

/// <summary>A link as a step sees it, whether of the embedded lab or of a real one.</summary>
/// <param name="Name">Link name.</param>
/// <param name="Path">Path name in reports.</param>
/// <param name="Host">The host that changes it.</param>
/// <param name="Profile">The link when nothing is wrong; both directions, unless the next is there.</param>
/// <param name="ProfileDown">The other direction, where it differs.</param>
internal sealed record LinkTarget(string Name, string Path, string Host, LinkChange Profile, LinkChange? ProfileDown);
