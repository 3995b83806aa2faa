namespace FailoverLab.Primitives;

/// <summary>The regularised incomplete beta function I(x; a, b) and its inverse: the one function behind Student's and the binomial distribution.</summary>
/// <remarks>Continued fraction of DLMF 8.17.22, evaluated by Lentz's method; log gamma by Lanczos' approximation.</remarks>
public static class IncompleteBeta
{
    private const int MostTerms = 10_000;
    private const double Precision = 1e-14;
    private const double Tiny = 1e-300;

    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
        -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>The function.</summary>
    /// <param name="x">0..1.</param>
    /// <param name="a">Greater than zero.</param>
    /// <param name="b">Greater than zero.</param>
    /// <returns>0..1, rising with <paramref name="x"/>.</returns>
    public static double Of(double x, double a, double b)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        // The fraction converges quickly on one side of the mean; the other side is the mirror image.
        return x > (a + 1) / (a + b + 2) ? 1 - Of(1 - x, b, a) : Front(x, a, b) / (a * Fraction(x, a, b));
    }

    /// <summary>The x for which the function is <paramref name="share"/>.</summary>
    /// <param name="share">0..1.</param>
    /// <param name="a">Greater than zero.</param>
    /// <param name="b">Greater than zero.</param>
    public static double Inverse(double share, double a, double b)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 200 && low < high; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Of(middle, a, b) < share ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    private static double Front(double x, double a, double b) =>
        Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));

    private static double Fraction(double x, double a, double b)
    {
        var (f, c, d) = (1.0, 1.0, 0.0);
        for (var n = 1; n < MostTerms; n++)
        {
            var m = n / 2;
            var term = n % 2 == 0
                ? m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)))
                : -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Away(1 + (term * d));
            c = Away(1 + (term / c));
            f *= c * d;
            if (Math.Abs((c * d) - 1) < Precision)
            {
                break;
            }
        }

        return f;
    }

    private static double Away(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    private static double LogGamma(double z)
    {
        if (z < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * z)) - LogGamma(1 - z);
        }

        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (z - 1 + i);
        }

        var t = z + 6.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((z - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
