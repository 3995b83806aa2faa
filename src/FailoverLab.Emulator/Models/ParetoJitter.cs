namespace FailoverLab.Emulator;

/// <summary>
/// A heavy tail above the delay (Pareto of the second kind): <c>jitter × ((1-u)^(-1/shape) - 1)</c>. The delay is the least, the mean
/// addition is jitter / (shape - 1) for a shape above 1.
/// </summary>
/// <remarks>Source: Lomax, "Business failures: another example of the analysis of failure data", 1954.</remarks>
/// <param name="Shape">Greater than zero; the smaller, the heavier the tail. Netem's table has 3.</param>
public sealed record ParetoJitter(double Shape = 3) : JitterModel
{
    // With 53 bits of u and a tiny shape the power may be huge; a day of jitters is beyond any use.
    private const double Most = 86_400_000;

    internal override double Reach => Draw(0.9999, 0);

    internal override double Draw(double u, double v) => Math.Min(Most, Math.Pow(1 - u, -1 / Shape) - 1);
}
