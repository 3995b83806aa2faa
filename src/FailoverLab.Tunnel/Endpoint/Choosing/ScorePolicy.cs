namespace FailoverLab.Tunnel;

/// <summary>
/// The <c>score</c> policy: the tunnel with the best measures. A living tunnel is left for one that has been better by the dead band, without a break,
/// for the hold time; a dead one at once. Tunnels of another router than the preferred one are taken only while that has none alive.
/// </summary>
public sealed class ScorePolicy : ITunnelPolicy
{
    private readonly long _holdNs;
    private readonly double _deadBand;
    private readonly long[] _betterSinceNs;
    private int _comparedWith = -1;

    /// <summary>Makes a policy.</summary>
    /// <param name="tunnels">How many tunnels there are.</param>
    /// <param name="holdNs">Hold time.</param>
    /// <param name="deadBand">By how much a score must be better, 0..1.</param>
    public ScorePolicy(int tunnels, long holdNs, double deadBand)
    {
        (_holdNs, _deadBand) = (holdNs, deadBand);
        _betterSinceNs = new long[tunnels];
        Array.Fill(_betterSinceNs, long.MaxValue);
    }

    /// <summary>A score of measures: 1 with none of them, 0 where all reach their limits. Half of it is round-trip time, three tenths loss, the rest jitter.</summary>
    /// <param name="monitor">Measures of the path.</param>
    /// <param name="sla">Their limits.</param>
    public static double Score(PathMonitor monitor, PathSla sla) => 1
        - (0.5 * Share(monitor.RttNs, sla.Latency.Ticks * 100.0))
        - (0.3 * Share(monitor.Loss, sla.Loss.Value))
        - (0.2 * Share(monitor.JitterNs, sla.Jitter.Ticks * 100.0));

    /// <inheritdoc/>
    public TunnelChoice Choose(ReadOnlySpan<TunnelCandidate> tunnels, int active, int preferredRouter, long lastSwitchNs, long nowNs)
    {
        if (active < 0 || tunnels[active].Health == PathHealth.Dead)
        {
            var takesSuspect = active < 0 || tunnels[active].Reason != PathMonitor.Silence;
            var next = Best(tunnels, active < 0 ? preferredRouter : tunnels[active].Router, takesSuspect, nowNs);
            return next < 0 ? new TunnelChoice(active, "") : new TunnelChoice(next, active < 0 ? "start" : tunnels[active].Reason);
        }

        Compare(tunnels, active, preferredRouter, nowNs);
        var best = active;
        for (var i = 0; i < tunnels.Length; i++)
        {
            var isDue = nowNs >= DueNs(tunnels, i, active, lastSwitchNs);
            best = isDue && (best == active || tunnels[i].Score > tunnels[best].Score) ? i : best;
        }

        var reason = tunnels[active].Health == PathHealth.Degraded ? tunnels[active].Reason : "better-score";
        return best == active ? new TunnelChoice(active, "") : new TunnelChoice(best, reason);
    }

    /// <inheritdoc/>
    public long NextDeadlineNs(ReadOnlySpan<TunnelCandidate> tunnels, int active, int preferredRouter, long lastSwitchNs)
    {
        var deadline = long.MaxValue;
        for (var i = 0; active == _comparedWith && active >= 0 && i < tunnels.Length; i++)
        {
            deadline = Math.Min(deadline, DueNs(tunnels, i, active, lastSwitchNs));
        }

        return deadline;
    }

    private static double Share(double value, double limit) => Math.Clamp(value / Math.Max(limit, 1e-9), 0, 1);

    /// <summary>When a tunnel may be moved to; <see cref="long.MaxValue"/> while it is not better. A degraded tunnel is left without a hold.</summary>
    private long DueNs(ReadOnlySpan<TunnelCandidate> tunnels, int index, int active, long lastSwitchNs)
    {
        if (_betterSinceNs[index] == long.MaxValue)
        {
            return long.MaxValue;
        }

        var held = tunnels[index].HeldFromNs(_holdNs);
        return tunnels[active].Health == PathHealth.Degraded
            ? held
            : Math.Max(held, Math.Max(_betterSinceNs[index], lastSwitchNs) + _holdNs);
    }

    /// <summary>Notes since when each tunnel has been better than the active one.</summary>
    private void Compare(ReadOnlySpan<TunnelCandidate> tunnels, int active, int preferredRouter, long nowNs)
    {
        for (var i = 0; i < tunnels.Length; i++)
        {
            var isBetter = i != active && tunnels[i].Health == PathHealth.Alive && IsBetter(tunnels[i], tunnels[active], preferredRouter);
            _betterSinceNs[i] = !isBetter ? long.MaxValue
                : active != _comparedWith || _betterSinceNs[i] == long.MaxValue ? nowNs
                : _betterSinceNs[i];
        }

        _comparedWith = active;
    }

    private bool IsBetter(in TunnelCandidate other, in TunnelCandidate active, int preferredRouter) =>
        other.Router == active.Router
            ? other.Score >= active.Score + _deadBand || active.Health == PathHealth.Degraded
            : other.Router == preferredRouter;

    /// <summary>The best tunnel of the given router, else of any: clean and proved before clean, before degraded, before suspect, which is none where silence is all that is known (<see cref="PriorityPolicy"/>).</summary>
    private int Best(ReadOnlySpan<TunnelCandidate> tunnels, int router, bool takesSuspect, long nowNs)
    {
        var best = -1;
        var bestRank = double.NegativeInfinity;
        for (var i = 0; i < tunnels.Length; i++)
        {
            var rank = tunnels[i].Health switch
            {
                PathHealth.Alive => tunnels[i].IsHeld(_holdNs, nowNs) ? 6 : 5,
                PathHealth.Degraded => 4,
                PathHealth.Suspect when takesSuspect => 0,
                _ => double.NegativeInfinity,
            };
            rank += tunnels[i].Router == router ? 2.5 : 0;
            rank += Math.Clamp(tunnels[i].Score, 0, 1) / 4;
            (best, bestRank) = rank > bestRank ? (i, rank) : (best, bestRank);
        }

        return best;
    }
}
