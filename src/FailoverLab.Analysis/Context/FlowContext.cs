namespace FailoverLab.Analysis;

/// <summary>What the plan says about a probe flow.</summary>
/// <param name="Id">Flow number in the probe header.</param>
/// <param name="Name">Name in the record, unique.</param>
/// <param name="From">Sending host; absent when unknown.</param>
/// <param name="To">Receiving host; absent when unknown.</param>
/// <param name="SentPoint">Capture point at the sender; absent = found from the packets.</param>
/// <param name="ReceivedPoint">Capture point at the receiver; absent = found from the packets.</param>
public sealed record FlowContext(
    uint Id, string Name, string? From = null, string? To = null, string? SentPoint = null, string? ReceivedPoint = null);
