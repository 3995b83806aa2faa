namespace FailoverLab.Scenarios;

/// <summary>Starts sequenced probe flows from the step's host.</summary>
/// <param name="Flows">The flows; each sends until it is stopped.</param>
public sealed record TrafficStart(IReadOnlyList<FlowPlan> Flows) : StepAction;
