namespace FailoverLab.WanDrivers.Tests;

/// <summary>The exact two-sided interval that a binomial count falls into with a given chance.</summary>
internal static class Binomial
{
    /// <summary>Least and most hits of <paramref name="count"/> trials, 0.05 % of the chance beyond each end.</summary>
    public static (int Least, int Most) Interval999(int count, double share)
    {
        const double Tail = 0.0005;
        if (share is <= 0 or >= 1)
        {
            return share <= 0 ? (0, 0) : (count, count);
        }

        var (least, most, below, logFactor) = (0, count, 0.0, count * Math.Log(1 - share));
        for (var hits = 0; hits <= count; hits++)
        {
            var chance = Math.Exp(logFactor);
            if (below <= Tail && below + chance > Tail)
            {
                least = hits;
            }

            below += chance;
            if (1 - below <= Tail)
            {
                most = hits;
                break;
            }

            logFactor += Math.Log((double)(count - hits) / (hits + 1)) + Math.Log(share / (1 - share));
        }

        return (least, most);
    }
}
