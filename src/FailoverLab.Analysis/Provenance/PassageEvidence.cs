namespace FailoverLab.Analysis;

/// <summary>How well one probe's candidates go with a set of paths having carried it, and which of them were it then.</summary>
internal static class PassageEvidence
{
    // Of the packets that go where nothing is captured, this share comes out of the far end.
    private const double DeliveredElsewhere = 0.5;

    /// <summary>Likelihood of what was seen, against all of it being other traffic and any exit time being alike.</summary>
    /// <param name="isDelivered">Whether the probe came out.</param>
    /// <param name="set">The paths, as bits.</param>
    /// <param name="paths">All paths.</param>
    /// <param name="presence">Each path's <see cref="PathCandidates.Presence"/> of the probe.</param>
    /// <param name="fit">Each path's <see cref="PathCandidates.Fit"/> of it.</param>
    public static double Of(bool isDelivered, uint set, ReadOnlySpan<PathModel> paths, ReadOnlySpan<double> presence, ReadOnlySpan<double> fit)
    {
        if (set == 0) return isDelivered ? DeliveredElsewhere : 1 - DeliveredElsewhere;
        if (!isDelivered) return Lost(set, paths, presence);
        if (uint.IsPow2(set))
        {
            var k = uint.TrailingZeroCount(set);
            return Arrived(paths[(int)k], fit[(int)k]);
        }

        // One copy came out first; the others may have been lost or come after it.
        var sum = 0.0;
        for (var first = 0; first < paths.Length; first++)
        {
            if ((set >> first & 1) == 0) continue;
            var product = Arrived(paths[first], fit[first]);
            for (var k = 0; k < paths.Length; k++)
            {
                if (k != first && (set >> k & 1) != 0) product *= Copy(paths[k], presence[k]);
            }

            sum += product;
        }

        return sum;
    }

    /// <summary>Probability that the probe was seen on a path of the set.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isDelivered">Whether the probe came out.</param>
    /// <param name="set">The paths that carried it, as bits.</param>
    /// <param name="model">What is known of the path.</param>
    /// <param name="presence">The path's <see cref="PathCandidates.Presence"/> of the probe.</param>
    /// <param name="hindsight">The path's <see cref="PathCandidates.Hindsight"/> of it.</param>
    public static double SeenOn(int path, bool isDelivered, uint set, PathModel model, double presence, double hindsight)
    {
        if ((set >> path & 1) == 0) return 0;
        if (!isDelivered) return Part(model.SeenThoughLost * hindsight, 1 - model.SeenThoughLost);
        if (uint.IsPow2(set)) return Part((1 - model.Missed) * hindsight, model.Missed);
        return Part(model.Visible * Math.Max(presence, hindsight), 1 - model.Visible);
    }

    private static double Arrived(PathModel model, double fit) => (1 - model.Loss) * (((1 - model.Missed) * fit) + model.Missed);

    private static double Copy(PathModel model, double presence) => (model.Visible * presence) + 1 - model.Visible;

    private static double Lost(uint set, ReadOnlySpan<PathModel> paths, ReadOnlySpan<double> presence)
    {
        var product = 1.0;
        for (var k = 0; k < paths.Length; k++)
        {
            if ((set >> k & 1) == 0) continue;
            product *= paths[k].Loss * ((paths[k].SeenThoughLost * presence[k]) + 1 - paths[k].SeenThoughLost);
        }

        return product;
    }

    private static double Part(double part, double rest) => part + rest <= 0 ? 0 : part / (part + rest);
}
