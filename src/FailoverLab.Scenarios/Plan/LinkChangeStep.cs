namespace FailoverLab.Scenarios;

/// <summary>Changes a WAN link's impairments on the host that carries it; what is not named stays as it is.</summary>
/// <param name="Link">Name of a link of the topology, or of <see cref="RunPlan.Links"/>.</param>
/// <param name="Direction">Which direction is changed.</param>
/// <param name="Change">The new values.</param>
/// <param name="IsRestore">Whether this puts the link back to its profile rather than degrading it.</param>
public sealed record LinkChangeStep(string Link, LinkDirection Direction, LinkChange Change, bool IsRestore) : StepAction;
