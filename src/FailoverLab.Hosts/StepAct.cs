namespace FailoverLab.Hosts;

/// <summary>When a step took effect, reference clock, ns since the Unix epoch.</summary>
/// <param name="StartedNs">Not before.</param>
/// <param name="AcknowledgedNs">Known to be in effect.</param>
public sealed record StepAct(long StartedNs, long AcknowledgedNs)
{
    /// <summary>Further figures of the act, for the event.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();
}
