using FailoverLab.Emulator;
using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>A running link that is changed by steps, and what it was asked so far. For one caller at a time.</summary>
public sealed class SteeredLink
{
    private readonly List<(long AtNs, LinkChangeStep Step, SteeredChange Change)> _open = [];
    private readonly WanLink _link;
    private readonly ulong _seed;
    private LinkChange _up;
    private LinkChange _down;

    /// <param name="link">The link; not disposed here.</param>
    /// <param name="up">What it was started with towards the far end; every value set.</param>
    /// <param name="down">The same towards the site.</param>
    /// <param name="seed">The run's seed; chooses what slots do, the same on every link.</param>
    public SteeredLink(WanLink link, LinkChange up, LinkChange down, ulong seed) => (_link, _up, _down, _seed) = (link, up, down, seed);

    /// <summary>The link.</summary>
    public WanLink Link => _link;

    /// <summary>Has the link change at an instant by itself; values that the step does not name stay.</summary>
    /// <param name="step">The change; its link's name is not looked at.</param>
    /// <param name="monotonicNs">The instant, CLOCK_MONOTONIC ns; one that has passed is now.</param>
    /// <exception cref="InvalidOperationException">A trace file has a fault it did not have when the step was read.</exception>
    public SteeredChange Plan(LinkChangeStep step, long monotonicNs)
    {
        Settle();

        // Traces are read here, not on the link's own thread.
        _ = Changed(LinkImpairments.None, step.Change);
        var (up, down) = (_up, _down);
        foreach (var (_, earlier, _) in _open.Where(o => o.AtNs <= monotonicNs && !o.Change.IsCalledOff))
        {
            _ = Told(ref up, ref down, earlier);
        }

        var told = Told(ref up, ref down, step);
        var change = new SteeredChange(_link, [.. told.Select(t => _link.Plan(monotonicNs, t.Directions, now => Changed(now, t.Change)))], step.Change.Carrier);
        var place = _open.FindIndex(o => o.AtNs > monotonicNs);
        _open.Insert(place < 0 ? _open.Count : place, (monotonicNs, step, change));
        return change;
    }

    /// <summary>What the link is asked now: by what it was started with, and the changes that have been made.</summary>
    public (LinkChange Up, LinkChange Down) ReadAsked()
    {
        Settle();
        return (_up, _down);
    }

    /// <summary>Reads back what the link does, and holds it against what it is asked.</summary>
    /// <returns>What differs, in words, by direction; empty where nothing does.</returns>
    public (string Up, string Down) ReadDifferences()
    {
        var (up, down) = ReadAsked();
        return (Of(LinkDirections.Up, up), Of(LinkDirections.Down, down));

        string Of(LinkDirections direction, LinkChange asked)
        {
            var (now, expected) = (_link.Read(direction), Changed(LinkImpairments.None, asked));
            return now == expected ? "" : LinkDifference.Words(now, expected) is { Length: > 0 } words ? words : "a value of its queue or its models";
        }
    }

    /// <summary>What each direction is told of a step: the change, and what follows from it: the queue nobody asked for, which follows the delay, and what was a distribution's.</summary>
    /// <param name="up">What it is asked before the step, and after it.</param>
    /// <param name="down">The same towards the site.</param>
    /// <param name="step">The step.</param>
    internal static IReadOnlyList<(LinkDirections Directions, LinkChange Change)> Told(ref LinkChange up, ref LinkChange down, LinkChangeStep step)
    {
        var towards = step.Direction != LinkDirection.Down ? Next(ref up, step.Change) : null;
        var back = step.Direction != LinkDirection.Up ? Next(ref down, step.Change) : null;
        return (towards, back) switch
        {
            ({ } one, { } other) when one == other => [(LinkDirections.Both, one)],
            ({ } one, { } other) => [(LinkDirections.Up, one), (LinkDirections.Down, other)],
            ({ } one, null) => [(LinkDirections.Up, one)],
            (null, { } other) => [(LinkDirections.Down, other)],
            _ => [],
        };
    }

    private static LinkChange Next(ref LinkChange state, LinkChange change)
    {
        var before = state;
        state = before.With(change);

        // A plain value ends a distribution, and takes the other's place too.
        var told = before.DelayModel is not null && state.DelayModel is null ? change with { Delay = state.Delay, Jitter = state.Jitter } : change;
        return state.Queue == before.Queue ? told : told with { Queue = state.Queue };
    }

    /// <summary>What has been made belongs to the state; what was called off belongs to nothing.</summary>
    private void Settle()
    {
        while (_open is [var first, ..] && (first.Change.IsCalledOff || first.Change.Switched.IsCompleted))
        {
            if (!first.Change.IsCalledOff)
            {
                _ = Told(ref _up, ref _down, first.Step);
            }

            _open.RemoveAt(0);
        }
    }

    private LinkImpairments Changed(LinkImpairments now, LinkChange change) =>
        LinkSettings.Change(now, change, _seed) with { HasCarrier = change.Carrier ?? now.HasCarrier };
}
