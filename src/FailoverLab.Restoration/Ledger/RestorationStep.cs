namespace FailoverLab.Restoration;

/// <summary>What <see cref="RestorationPlan"/> wants done next.</summary>
/// <param name="Kind">What.</param>
/// <param name="Change">Which change, of <see cref="RestorationStepKind.Undo"/>; else 0.</param>
/// <param name="DueAt">Not before this time, of the plan's own clock.</param>
public readonly record struct RestorationStep(RestorationStepKind Kind, int Change, TimeSpan DueAt);
