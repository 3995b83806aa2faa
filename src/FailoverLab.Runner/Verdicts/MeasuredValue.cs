namespace FailoverLab.Runner;

/// <summary>A figure with the interval that holds the truth, in the metric's own unit.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end; infinite where the truth has no known upper end.</param>
internal sealed record MeasuredValue(double Value, double Low, double High)
{
    /// <summary>A count, known exactly.</summary>
    public static MeasuredValue Exact(double value) => new(value, value, value);
}
