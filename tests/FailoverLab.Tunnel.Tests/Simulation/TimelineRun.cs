namespace FailoverLab.Tunnel.Tests;

/// <summary>
/// Runs one timeline and holds the invariants against the world after every event. What is asked of the stack:
/// a path that works is used within its bound, and traffic flows both ways; a lossy one is left; the gateway is where the endpoint is, and nowhere else; no storm of
/// switches; the hold time is kept; no packet is delivered twice, whoever throws what back in; the loop never spins.
/// </summary>
internal sealed class TimelineRun : IDisposable
{
    private const long Millisecond = 1_000_000;

    /// <summary>Detection of the active tunnel, of a standby one that died unseen, and of the second router's; activations lost on the way.</summary>
    private const long FlowsWithin = 1000 * Millisecond;

    /// <summary>A lossy or slow path is measured over a window, and a clean one may have to hold first.</summary>
    private const long LeftWithin = 2000 * Millisecond;

    /// <summary>The window over which loss is told.</summary>
    private const long MeasuredWithin = 800 * Millisecond;

    /// <summary>Within a hold time: away, on from a standby that died unseen, to the other router, and back.</summary>
    private const int MostSwitches = 4;

    /// <summary>Some going to and fro between paths of which one is bad, until it is damped.</summary>
    private const int MostSwitchesInAll = 12;

    /// <summary>What was sent in vain makes another tunnel the active one, whose keepalives are due at once; each tunnel may turn out so.</summary>
    private const int MostTurnsAtOnce = TunnelWorld.Paths * TunnelWorld.Routers;

    private readonly Timeline _timeline;
    private readonly TunnelWorld _world;
    private long _disturbedNs;
    private int _switchesBefore;
    private int _turnsAtOnce;
    private string? _violation;

    private TimelineRun(Timeline timeline)
    {
        _timeline = timeline;
        _world = new TunnelWorld(timeline.Seed, timeline.Mode, timeline.ByScore, timeline.FollowBalancer, timeline.Version);
        _disturbedNs = _world.NowNs;
    }

    /// <summary>Virtual time of all runs so far, ns.</summary>
    public static long TotalNs => Interlocked.Read(ref _totalNs);

    private static long _totalNs;

    /// <summary>Runs a timeline.</summary>
    /// <returns>What was violated, with the story that led there; <see langword="null"/> when all held.</returns>
    public static string? Violation(Timeline timeline)
    {
        using var run = new TimelineRun(timeline);
        try
        {
            return run.Run();
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or InvalidOperationException or OverflowException or NullReferenceException)
        {
            return $"{e}\n{timeline}\n{run._world.Story()}";
        }
    }

    public void Dispose() => _world.Dispose();

    private string? Run()
    {
        var start = _world.NowNs;
        foreach (var disturbance in _timeline.Disturbances)
        {
            _world.RunUntil(start + (disturbance.AtMs * Millisecond), Check);
            if (_violation is not null)
            {
                break;
            }

            _world.Disturb(disturbance);
            if (disturbance.Kind != DisturbanceKind.Replay)
            {
                (_disturbedNs, _switchesBefore) = (_world.NowNs, _world.Switches.Count);
            }

            Check();
        }

        if (_violation is null)
        {
            _world.RunUntil(start + (_timeline.EndMs * Millisecond), Check);
        }

        Interlocked.Add(ref _totalNs, _world.NowNs - start);
        return _violation is null ? null : $"{_violation} at {(_world.NowNs - start) / 1e6:0.0} ms\n{_timeline}\n{_world.Story()}";
    }

    /// <summary>Whether all holds; the first violation is kept.</summary>
    private void Check() => _violation ??= Violated();

    private string? Violated()
    {
        var quietNs = _world.NowNs - _disturbedNs;
        _turnsAtOnce = _world.Endpoint.NextDeadlineNs <= _world.NowNs && _world.IsSettled ? _turnsAtOnce + 1 : 0;
        if (_turnsAtOnce > MostTurnsAtOnce)
        {
            return "the endpoint's next deadline does not lie ahead: the loop spins";
        }

        if (_world.Fault is { } fault)
        {
            return fault;
        }

        // Where no path is good, going to and fro between bad ones is all there is.
        var switches = _world.Switches;
        if (_world.HasGoodPath && switches.Count - _switchesBefore > MostSwitches && switches[^1] - switches[^(MostSwitches + 1)] < TunnelWorld.HoldNs)
        {
            return $"{MostSwitches + 1} switches within a hold time: a storm";
        }

        if (_world.HasGoodPath && switches.Count - _switchesBefore > MostSwitchesInAll)
        {
            return $"{switches.Count - _switchesBefore} switches since the last disturbance: no end";
        }

        if (quietNs < FlowsWithin || _world.Endpoint.ActiveTunnel is not (>= 0 and var active))
        {
            return quietNs < FlowsWithin || !_world.HasGoodPath ? null : "no tunnel is active although a path is good";
        }

        var link = _world.LinkOf(active);
        if (_world.HasGoodPath && link.Out.Loss == 0 && _world.NowNs - _world.LastAnswerNs > FlowsWithin / 2)
        {
            return "no answer for long although a path is good";
        }

        // Returned to once more before it is damped, it is left again as soon as its loss is measured.
        var inUseNs = switches.Count == 0 ? long.MaxValue : _world.NowNs - switches[^1];
        if (quietNs >= LeftWithin && inUseNs >= MeasuredWithin && link is { Out.Loss: > 0.34 } && _world.HasGoodPathTo(active / TunnelWorld.Paths))
        {
            return "a lossy path is still in use although a clean one to the same router is there";
        }

        if (quietNs >= LeftWithin && _world.HasGoodPath && !_world.RouterSites[active / TunnelWorld.Paths].HoldsGateway)
        {
            return "the gateway is not at the active router";
        }

        if (quietNs >= LeftWithin && _world.HasGoodPath && _world.RouterSites.Count(r => r.HoldsGateway) > 1)
        {
            return "two routers hold the gateway";
        }

        return null;
    }
}
