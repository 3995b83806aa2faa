namespace FailoverLab.Emulator.Tests;

/// <summary>What chance allows.</summary>
internal static class Statistics
{
    /// <summary>The exact central interval of a binomial count: at most half of what the confidence leaves lies on either side.</summary>
    public static (int Low, int High) Binomial(int trials, double share, double confidence)
    {
        var tail = (1 - confidence) / 2;
        var logs = new double[trials + 1];
        for (var i = 1; i <= trials; i++)
        {
            logs[i] = logs[i - 1] + Math.Log(i);
        }

        double Chance(int k) => Math.Exp(logs[trials] - logs[k] - logs[trials - k] + (k * Math.Log(share)) + ((trials - k) * Math.Log(1 - share)));
        var (low, high) = (0, trials);
        for (var below = Chance(0); below <= tail; below += Chance(low))
        {
            low++;
        }

        for (var above = Chance(trials); above <= tail; above += Chance(high))
        {
            high--;
        }

        return (low, high);
    }

    /// <summary>Chi-square of run lengths against a geometric distribution that ends with this probability, tail classes put together.</summary>
    /// <returns>The statistic and the value it exceeds once in a thousand times.</returns>
    public static (double Seen, double Limit) GeometricFit(IReadOnlyList<int> lengths, double end)
    {
        var seen = 0.0;
        var classes = 0;
        var left = 1.0;
        for (var length = 1; ; length++)
        {
            var isLast = left * (1 - end) * lengths.Count < 10;
            var expected = (isLast ? left : left * end) * lengths.Count;
            var count = lengths.Count(l => isLast ? l >= length : l == length);
            seen += (count - expected) * (count - expected) / expected;
            classes++;
            left *= 1 - end;
            if (isLast)
            {
                return (seen, ChiSquareLimit(classes - 1));
            }
        }
    }

    /// <summary>The 99.9 % point of chi-square, by Wilson and Hilferty 1931.</summary>
    private static double ChiSquareLimit(int freedom)
    {
        var part = 2.0 / (9 * freedom);
        return freedom * Math.Pow(1 - part + (3.0902 * Math.Sqrt(part)), 3);
    }
}
