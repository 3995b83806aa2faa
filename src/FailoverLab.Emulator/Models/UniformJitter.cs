namespace FailoverLab.Emulator;

/// <summary>Equally likely between two bounds.</summary>
/// <param name="Low">Lower bound, in units of the jitter.</param>
/// <param name="High">Upper bound, in units of the jitter; not below <paramref name="Low"/>.</param>
public sealed record UniformJitter(double Low, double High) : JitterModel
{
    /// <summary>0..jitter, so that the delay is the least.</summary>
    public static UniformJitter Above { get; } = new(0, 1);

    /// <summary>±jitter, so that the delay is the mean; netem's default.</summary>
    public static UniformJitter Around { get; } = new(-1, 1);

    internal override double Reach => High;

    internal override double Draw(double u, double v) => Low + (u * (High - Low));
}
