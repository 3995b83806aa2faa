namespace FailoverLab.Results;


/// <summary>One failover as one flow saw it, by the standard methods.</summary>
/// <param name="Flow">The flow's id.</param>
/// <param name="Methods">Figures by method.</param>
public sealed record FailoverFlow(string Flow, FailoverMethods Methods)
{
    /// <summary>Packets of this flow lost between the last on the old path and the first on the new one.</summary>
    public long? Lost { get; init; }
}
