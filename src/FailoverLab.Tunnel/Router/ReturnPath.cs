namespace FailoverLab.Tunnel;

/// <summary>
/// Which tunnel an endpoint's return traffic takes: the one its activation named while that lives, else the first living one. So a
/// cut that only the router can see heals without a word from the endpoint.
/// </summary>
internal static class ReturnPath
{
    /// <summary>
    /// How long the activated tunnel lives again before traffic returns to it. A path that loses packets looks alive after each short silence; the endpoint,
    /// which measures its loss over this window, leaves it meanwhile, and nothing went to and fro.
    /// </summary>
    private static readonly long _settledAfterNs = PathSla.Default.Window.Ticks * 100;

    /// <summary>Judges the endpoint's tunnels and moves its return traffic where needed.</summary>
    /// <returns>The tunnel left, when it moved; otherwise <see langword="null"/>.</returns>
    public static RouterTunnel? Update(RouterEndpoint endpoint, long nowNs)
    {
        RouterTunnel? firstAlive = null;
        foreach (var tunnel in endpoint.Tunnels.Values)
        {
            tunnel.Monitor.Evaluate(nowNs);
            if (firstAlive is null && tunnel.Monitor.Health is PathHealth.Alive or PathHealth.Degraded)
            {
                firstAlive = tunnel;
            }
        }

        MoveReturn(endpoint, firstAlive, nowNs, out var left);
        endpoint.Data.Second = Second(endpoint);
        return left;
    }

    /// <summary>When a tunnel on which return traffic depends may fall silent.</summary>
    public static long NextDeadlineNs(RouterEndpoint endpoint, long nowNs)
    {
        var deadline = endpoint.Return?.Monitor.NextDeadlineNs(nowNs) ?? long.MaxValue;
        if (endpoint.Data.Mode != DataMode.Plain)
        {
            foreach (var tunnel in endpoint.Tunnels.Values)
            {
                deadline = Math.Min(deadline, tunnel.Monitor.NextDeadlineNs(nowNs));
            }
        }

        if (endpoint.Activated is not { IsAlive: true } activated || activated == endpoint.Return)
        {
            return deadline;
        }

        var settledNs = activated.Monitor.Health == PathHealth.Alive ? SettledNs(activated) : 0;
        return Math.Min(deadline, settledNs > nowNs ? settledNs : nowNs + activated.Monitor.DetectionNs);
    }

    private static void MoveReturn(RouterEndpoint endpoint, RouterTunnel? firstAlive, long nowNs, out RouterTunnel? left)
    {
        var before = endpoint.Return;
        var activated = endpoint.Activated;
        if (activated is { IsAlive: true } && (before == activated || before is not { IsAlive: true } || HasSettled(activated, nowNs)))
        {
            endpoint.Return = activated;
        }
        else if (before is not { IsAlive: true })
        {
            endpoint.Return = firstAlive ?? before;
        }

        left = endpoint.Return == before ? null : before;
    }

    /// <summary>
    /// The tunnel for second copies: not the return path itself, the healthiest, then the endpoint's most preferred. One that is suspect or
    /// silent still counts: silence may be somebody's pause, and copies on it cost nothing that matters.
    /// </summary>
    private static RouterTunnel? Second(RouterEndpoint endpoint)
    {
        RouterTunnel? second = null;
        foreach (var tunnel in endpoint.Tunnels.Values)
        {
            var isBetter = (tunnel.IsAlive || tunnel.Monitor.Reason == PathMonitor.Silence) && (second is null || tunnel.Monitor.Health < second.Monitor.Health);
            second = tunnel != endpoint.Return && isBetter ? tunnel : second;
        }

        return second;
    }

    private static bool HasSettled(RouterTunnel tunnel, long nowNs) =>
        tunnel.Monitor.Health == PathHealth.Alive && nowNs >= SettledNs(tunnel);

    private static long SettledNs(RouterTunnel tunnel) => tunnel.Monitor.AliveSinceNs + Math.Max(tunnel.Monitor.DetectionNs, _settledAfterNs);
}
