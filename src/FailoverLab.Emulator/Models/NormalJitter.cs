namespace FailoverLab.Emulator;

/// <summary>The normal distribution: the delay is the mean, the jitter the standard deviation.</summary>
/// <remarks>Source: Box and Muller, "A note on the generation of random normal deviates", 1958.</remarks>
public sealed record NormalJitter : JitterModel
{
    internal override double Reach => 3.72;

    // 1 - u is never zero, so the logarithm is finite.
    internal override double Draw(double u, double v) => Math.Sqrt(-2 * Math.Log(1 - u)) * Math.Cos(2 * Math.PI * v);
}
