using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>One step on one host.</summary>
public sealed record StepPlan
{
    /// <summary>Unique in the plan; given in the file or made from its kind and place (<c>03-degrade-starlink-1</c>).</summary>
    public required string Name { get; init; }

    /// <summary>The host that performs it.</summary>
    public required string Host { get; init; }

    /// <summary>Planned start, relative to the run's start instant; 0 to the run's duration.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>What is done.</summary>
    public required StepAction Action { get; init; }

    /// <summary>The same in words or as the literal command, as <c>plan</c> prints it.</summary>
    public required string Command { get; init; }

    /// <summary>How it is undone, as <c>plan</c> prints it; empty where nothing needs undoing.</summary>
    public required string Undo { get; init; }

    /// <summary>Where the step stands in the file.</summary>
    public required SourcePosition Position { get; init; }
}
