namespace FailoverLab.Results;


/// <summary>How late steps started.</summary>
/// <param name="Max">Largest |actual − planned| of all steps, ns.</param>
/// <param name="PerHost">One entry per step that started.</param>
public sealed record StartSkew(long Max, IReadOnlyList<StepStart> PerHost);
