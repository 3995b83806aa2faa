namespace FailoverLab.Tunnel;

/// <summary>
/// The <c>priority</c> policy: the first clean path in configured order, on the router in use. A small switch (other path, same
/// router) goes before a large one (other router), which is taken when no tunnel of the router in use is left. Leaving a bad path is immediate; returning to a
/// better one waits for the hold time.
/// </summary>
public sealed class PriorityPolicy : ITunnelPolicy
{
    private const double ClearlyBetter = 0.5;

    private readonly long _holdNs;

    /// <summary>Makes a policy.</summary>
    /// <param name="holdNs">Hold time.</param>
    public PriorityPolicy(long holdNs) => _holdNs = holdNs;

    /// <inheritdoc/>
    public TunnelChoice Choose(ReadOnlySpan<TunnelCandidate> tunnels, int active, int preferredRouter, long lastSwitchNs, long nowNs)
    {
        if (active < 0)
        {
            return new TunnelChoice(Best(tunnels, preferredRouter, takesSuspect: true, nowNs), "start");
        }

        var current = tunnels[active];
        switch (current.Health)
        {
            case PathHealth.Dead:
                var next = Best(tunnels, current.Router, current.Reason != PathMonitor.Silence, nowNs);
                return next < 0 ? Stay(active) : new TunnelChoice(next, current.Reason);
            case PathHealth.Degraded:
                return LeaveDegraded(tunnels, active, lastSwitchNs, nowNs);
            default:
                return Return(tunnels, active, preferredRouter, lastSwitchNs, nowNs);
        }
    }

    /// <inheritdoc/>
    public long NextDeadlineNs(ReadOnlySpan<TunnelCandidate> tunnels, int active, int preferredRouter, long lastSwitchNs)
    {
        var deadline = long.MaxValue;
        for (var i = 0; active >= 0 && i < tunnels.Length; i++)
        {
            if (tunnels[i].Health == PathHealth.Alive && IsPreferred(tunnels[i], tunnels[active], preferredRouter))
            {
                deadline = Math.Min(deadline, Math.Max(lastSwitchNs + _holdNs, tunnels[i].HeldFromNs(_holdNs)));
            }
        }

        return deadline;
    }

    private static TunnelChoice Stay(int active) => new(active, "");

    private static bool IsPreferred(in TunnelCandidate other, in TunnelCandidate active, int preferredRouter) =>
        other.Router == active.Router
            ? other.Path < active.Path
            : other.Router == preferredRouter;

    /// <summary>
    /// Returns to the best tunnel that has held. If a still better one is alive and only needs to hold, it is waited for (for another hold
    /// time at most), so that one repair makes one switch.
    /// </summary>
    private TunnelChoice Return(ReadOnlySpan<TunnelCandidate> tunnels, int active, int preferredRouter, long lastSwitchNs, long nowNs)
    {
        if (nowNs - lastSwitchNs < _holdNs)
        {
            return Stay(active);
        }

        var best = active;
        var waiting = -1;
        for (var i = 0; i < tunnels.Length; i++)
        {
            if (tunnels[i].Health != PathHealth.Alive || !IsPreferred(tunnels[i], tunnels[best], preferredRouter))
            {
                continue;
            }

            if (!tunnels[i].IsHeld(_holdNs, nowNs))
            {
                waiting = waiting < 0 && nowNs >= tunnels[i].DampedUntilNs ? i : waiting;
            }
            else if (waiting < 0 || nowNs - tunnels[i].AliveSinceNs >= 2 * _holdNs || !IsPreferred(tunnels[waiting], tunnels[i], preferredRouter))
            {
                best = i;
            }
        }

        return best == active ? Stay(active) : new TunnelChoice(best, "reversion");
    }

    /// <summary>
    /// A degraded path still carries packets: it is left at once for one that has proved clean, but for one just back (a lossy path looks clean
    /// after every short death) or merely less bad only once per hold time.
    /// </summary>
    private TunnelChoice LeaveDegraded(ReadOnlySpan<TunnelCandidate> tunnels, int active, long lastSwitchNs, long nowNs)
    {
        var router = tunnels[active].Router;
        var mayRisk = nowNs - lastSwitchNs >= _holdNs;
        var clean = First(tunnels, router, t => t.IsHeld(_holdNs, nowNs));
        clean = clean >= 0 || !mayRisk ? clean : First(tunnels, router, t => t.Health == PathHealth.Alive && nowNs >= t.DampedUntilNs);
        if (clean >= 0)
        {
            return new TunnelChoice(clean, tunnels[active].Reason);
        }

        var least = LeastBad(tunnels, router);
        return least >= 0 && mayRisk && tunnels[least].Penalty < tunnels[active].Penalty * ClearlyBetter
            ? new TunnelChoice(least, tunnels[active].Reason)
            : Stay(active);
    }

    /// <summary>
    /// The best tunnel of all, the given router's first. A degraded tunnel of that router goes before a clean one of another; a merely suspect one does
    /// not: if its siblings are silent too, the router is probably gone. And where silence is all that is known, silent ones are no choice at all: that many at a time
    /// are the peer's pause or our own, and which of them is heard first again says nothing.
    /// </summary>
    private int Best(ReadOnlySpan<TunnelCandidate> tunnels, int router, bool takesSuspect, long nowNs)
    {
        var best = -1;
        var bestRank = int.MaxValue;
        for (var i = 0; i < tunnels.Length; i++)
        {
            var same = tunnels[i].Router == router;
            var rank = tunnels[i].Health switch
            {
                PathHealth.Alive => (same ? 0 : 3) + (tunnels[i].IsHeld(_holdNs, nowNs) ? 0 : 1),
                PathHealth.Degraded => same ? 2 : 6,
                PathHealth.Suspect when takesSuspect => same ? 5 : 7,
                _ => int.MaxValue,
            };
            var lessBad = rank == bestRank && best >= 0 && tunnels[i].Health == PathHealth.Degraded && tunnels[i].Penalty < tunnels[best].Penalty;
            if (rank < bestRank || lessBad)
            {
                (best, bestRank) = (i, rank);
            }
        }

        return best;
    }

    private static int First(ReadOnlySpan<TunnelCandidate> tunnels, int router, Func<TunnelCandidate, bool> condition)
    {
        for (var i = 0; i < tunnels.Length; i++)
        {
            if (tunnels[i].Router == router && condition(tunnels[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static int LeastBad(ReadOnlySpan<TunnelCandidate> tunnels, int router)
    {
        var least = -1;
        for (var i = 0; i < tunnels.Length; i++)
        {
            if (tunnels[i].Router == router && tunnels[i].Health == PathHealth.Degraded && (least < 0 || tunnels[i].Penalty < tunnels[least].Penalty))
            {
                least = i;
            }
        }

        return least;
    }
}
