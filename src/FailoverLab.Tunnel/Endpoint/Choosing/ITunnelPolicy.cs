namespace FailoverLab.Tunnel;

/// <summary>Which tunnel the data shall take. Pure but for what it remembers of earlier calls; time goes forward.</summary>
public interface ITunnelPolicy
{
    /// <summary>Chooses.</summary>
    /// <param name="tunnels">All tunnels, routers and paths in configured order.</param>
    /// <param name="active">Index of the active one; -1 = none yet.</param>
    /// <param name="preferredRouter">Router the balancer or the configuration names.</param>
    /// <param name="lastSwitchNs">When the active one was chosen.</param>
    /// <param name="nowNs">Monotonic time.</param>
    TunnelChoice Choose(ReadOnlySpan<TunnelCandidate> tunnels, int active, int preferredRouter, long lastSwitchNs, long nowNs);

    /// <summary>When the choice may change although nothing else does; <see cref="long.MaxValue"/> for never.</summary>
    /// <param name="tunnels">As in the last <see cref="Choose"/>.</param>
    /// <param name="active">Index of the active one now.</param>
    /// <param name="preferredRouter">Router the balancer or the configuration names.</param>
    /// <param name="lastSwitchNs">When the active one was chosen.</param>
    long NextDeadlineNs(ReadOnlySpan<TunnelCandidate> tunnels, int active, int preferredRouter, long lastSwitchNs);
}
