namespace FailoverLab.Emulator;

/// <summary>A distribution as a table of quantiles, for instance one learned from measurements; in between it is linear.</summary>
/// <param name="Quantiles">
/// Values at probabilities 0, 1/(n-1), … 1, ascending, in units of the jitter; at least 2. With a jitter of 1 ms they are milliseconds.
/// </param>
public sealed record TableJitter(IReadOnlyList<double> Quantiles) : JitterModel
{
    /// <summary>Tables are equal when their quantiles are.</summary>
    public bool Equals(TableJitter? other) => other is not null && Quantiles.SequenceEqual(other.Quantiles);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Quantiles.Count, Quantiles[0], Quantiles[^1]);

    internal override double Reach => Quantiles[^1];

    internal override double Draw(double u, double v)
    {
        var place = u * (Quantiles.Count - 1);
        var index = Math.Min((int)place, Quantiles.Count - 2);
        return Quantiles[index] + ((place - index) * (Quantiles[index + 1] - Quantiles[index]));
    }
}
