namespace FailoverLab.Emulator;

/// <summary>
/// Distribution of the random part of the delay, in units of <see cref="LinkImpairments.Jitter"/>; one of <see cref="UniformJitter"/>,
/// <see cref="NormalJitter"/>, <see cref="ParetoJitter"/>, <see cref="TableJitter"/>. A delay that would come out negative is zero.
/// </summary>
public abstract record JitterModel
{
    private protected JitterModel()
    {
    }

    /// <summary>What all values but one in ten thousand stay below.</summary>
    internal abstract double Reach { get; }

    /// <summary>A value of the distribution.</summary>
    /// <param name="u">Uniform in [0, 1).</param>
    /// <param name="v">Uniform in [0, 1), independent of <paramref name="u"/>.</param>
    internal abstract double Draw(double u, double v);
}
