namespace FailoverLab.Scenarios;

/// <summary>What a step does; one subtype per kind.</summary>
public abstract record StepAction;
