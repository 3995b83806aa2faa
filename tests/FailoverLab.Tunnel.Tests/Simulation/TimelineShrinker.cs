namespace FailoverLab.Tunnel.Tests;

/// <summary>Makes a failing timeline small: without what is not needed, with less of what is, and with less time between.</summary>
internal static class TimelineShrinker
{
    /// <summary>Shrinks.</summary>
    /// <param name="timeline">One that fails.</param>
    /// <param name="fails">Whether one fails; asked some hundred times at most.</param>
    public static Timeline Shrink(Timeline timeline, Func<Timeline, bool> fails)
    {
        for (var smaller = true; smaller;)
        {
            smaller = false;
            foreach (var candidate in Smaller(timeline))
            {
                if (fails(candidate))
                {
                    (timeline, smaller) = (candidate, true);
                    break;
                }
            }
        }

        return timeline;
    }

    private static IEnumerable<Timeline> Smaller(Timeline timeline)
    {
        var all = timeline.Disturbances;
        for (var i = all.Count - 1; i >= 0; i--)
        {
            yield return timeline with { Disturbances = [.. all.Where((_, k) => k != i)] };
        }

        if (timeline.Mode != DataMode.Plain)
        {
            yield return timeline with { Mode = DataMode.Plain };
        }

        if (timeline.ByScore)
        {
            yield return timeline with { ByScore = false };
        }

        if (timeline.FollowBalancer)
        {
            yield return timeline with { FollowBalancer = false };
        }

        for (var i = 0; i < all.Count; i++)
        {
            var half = all[i].Amount / 2;
            if (half != all[i].Amount && half != 0)
            {
                yield return timeline with { Disturbances = [.. all.Select((d, k) => k == i ? d with { Amount = half } : d)] };
            }

            // All that follows comes earlier, by half the time since what stands before.
            var earlier = (all[i].AtMs - (i == 0 ? 200 : all[i - 1].AtMs)) / 2;
            if (earlier > 20)
            {
                yield return timeline with { Disturbances = [.. all.Select((d, k) => k >= i ? d with { AtMs = d.AtMs - earlier } : d)] };
            }
        }
    }
}
