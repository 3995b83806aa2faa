namespace FailoverLab.Tunnel;

/// <summary>One tunnel as the choice sees it.</summary>
/// <param name="Router">Index of the router, 0 = most preferred in the configuration.</param>
/// <param name="Path">Index of the path, 0 = most preferred.</param>
/// <param name="Health">Its health.</param>
/// <param name="AliveSinceNs">Since when it has been alive without a break.</param>
/// <param name="Reason">Why it is not alive.</param>
/// <param name="Penalty">How bad a degraded tunnel is: the largest of its measures over their limits.</param>
public readonly record struct TunnelCandidate(int Router, int Path, PathHealth Health, long AliveSinceNs, string Reason, double Penalty)
{
    /// <summary>How good it is, 0..1, from its measures.</summary>
    public double Score { get; init; }

    /// <summary>Until when it is damped for flapping: nothing returns to it before; 0 = it is not.</summary>
    public long DampedUntilNs { get; init; }

    /// <summary>Whether it has proved itself: alive without a break for the hold time, and not damped.</summary>
    /// <param name="holdNs">Hold time.</param>
    /// <param name="nowNs">Monotonic time.</param>
    public bool IsHeld(long holdNs, long nowNs) => Health == PathHealth.Alive && nowNs >= HeldFromNs(holdNs);

    /// <summary>From when on it has proved itself, if it stays alive.</summary>
    /// <param name="holdNs">Hold time.</param>
    public long HeldFromNs(long holdNs) => Math.Max(AliveSinceNs + holdNs, DampedUntilNs);
}
