namespace FailoverLab.Analysis;

/// <summary>What one capture point is to a flow.</summary>
/// <param name="Name">The point's name.</param>
/// <param name="IsSender">Whether it is at the sender.</param>
/// <param name="IsReceiver">Whether it is at the receiver.</param>
/// <param name="Path">Index of the path it is an end of; -1 = none.</param>
/// <param name="IsSite">Whether it is the end at the site.</param>
/// <param name="Router">Index of the routing server it belongs to; -1 = none.</param>
internal sealed record FlowPoint(string Name, bool IsSender, bool IsReceiver, int Path, bool IsSite, int Router);
