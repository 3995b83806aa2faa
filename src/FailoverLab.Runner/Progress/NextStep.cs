namespace FailoverLab.Runner;

/// <summary>The step that comes next.</summary>
/// <param name="At">Its planned time after the start instant.</param>
/// <param name="Text">What it does.</param>
public sealed record NextStep(TimeSpan At, string Text);
