namespace FailoverLab.Reports;

/// <summary>Maps values to user units, and knows round values between its ends.</summary>
/// <param name="From">Value at <paramref name="At"/>.</param>
/// <param name="To">Value at the other end; greater than <paramref name="From"/>.</param>
/// <param name="At">User units of <paramref name="From"/>.</param>
/// <param name="Length">User units from end to end; negative where values grow upwards.</param>
internal sealed record LinearScale(double From, double To, double At, double Length)
{
    /// <summary>User units of a value; values outside fall outside.</summary>
    public double Map(double value) => At + ((value - From) / (To - From) * Length);

    /// <summary>User units of a value, held inside the ends.</summary>
    public double Clamp(double value) => Map(Math.Clamp(value, From, To));

    /// <summary>Round values inside the ends, at most about <paramref name="count"/>.</summary>
    public IEnumerable<double> Ticks(int count)
    {
        var step = Step((To - From) / count);
        for (var tick = Math.Ceiling(From / step) * step; tick <= To + (step * 1e-6); tick += step)
        {
            yield return Math.Abs(tick) < step * 1e-6 ? 0 : tick;
        }
    }

    /// <summary>The next value of 1, 2 or 5 times a power of ten, at or above <paramref name="value"/>.</summary>
    public static double Step(double value)
    {
        if (value is not (> 0 and < double.MaxValue))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return (value / power) switch { <= 1 => power, <= 2 => 2 * power, <= 5 => 5 * power, _ => 10 * power };
    }
}
