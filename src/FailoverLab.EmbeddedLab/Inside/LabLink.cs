using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>A running link and what it was asked so far.</summary>
/// <param name="plan">Its plan.</param>
/// <param name="link">It.</param>
internal sealed class LabLink(WanLinkPlan plan, WanLink link)
{
    private LinkChange _up = plan.Profile;
    private LinkChange _down = plan.ProfileDown ?? plan.Profile;

    /// <summary>Its plan.</summary>
    public WanLinkPlan Plan => plan;

    /// <summary>It.</summary>
    public WanLink Link => link;

    /// <summary>What it had done when the run began; <see langword="null"/> before.</summary>
    public WanCounters? Before { get; set; }

    /// <summary>Takes the next change, in the order of their instants.</summary>
    /// <returns>What each direction is told: the change, and the queue where nobody asked for one and the change has it follow the delay.</returns>
    public IReadOnlyList<(LinkDirections Directions, LinkChange Change)> Take(LinkChangeStep step)
    {
        var up = step.Direction != LinkDirection.Down ? Next(ref _up, step.Change) : null;
        var down = step.Direction != LinkDirection.Up ? Next(ref _down, step.Change) : null;
        return (up, down) switch
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
        return state.Queue == before.Queue ? change : change with { Queue = state.Queue };
    }
}
