namespace FailoverLab.Primitives;

/// <summary>Finds what a person probably meant by a name that is not known.</summary>
public static class NearestName
{
    private const int MaxDistance = 2;

    /// <summary>The known name nearest to <paramref name="seen"/>.</summary>
    /// <param name="seen">The name as written.</param>
    /// <param name="known">The names that are allowed.</param>
    /// <returns>The nearest by edit distance (at most 2, adjacent swaps count one) or by prefix; <see langword="null"/> when none is near.</returns>
    public static string? Find(string seen, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = MaxDistance + 1;
        foreach (var name in known)
        {
            var distance = Distance(seen.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance > MaxDistance && seen.Length >= 3 && name.StartsWith(seen, StringComparison.OrdinalIgnoreCase))
            {
                distance = MaxDistance;
            }

            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best;
    }

    /// <summary>Optimal string alignment distance: insertions, deletions, substitutions and adjacent swaps cost one each.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > MaxDistance)
        {
            return MaxDistance + 1;
        }

        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(substitution, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
