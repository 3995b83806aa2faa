using FailoverLab.Primitives;
using FailoverLab.PveDriver;
using FailoverLab.Scenarios;
using FailoverLab.WanDrivers;

namespace FailoverLab.Cli;

/// <summary>
/// Holds every change of a real link against what its driver can do, before anything is started: the change itself, and the state it makes of the
/// link after the steps before it. Pure; no driver is made and no host is asked. What drivers there are is known only here.
/// </summary>
internal static class RealLinkReach
{
    /// <summary>Code of a change that the driver of its link cannot make; docs/SCENARIOS.md gives cause and cure.</summary>
    public const string Code = "FL1147";

    /// <summary>Code of what the driver of a link does beside what it is asked: an error where the steps ask for it, a warning where the link's own profile does.</summary>
    public const string BesideCode = "FL1149";

    private static readonly LinkDriver[] Runnable = [LinkDriver.Netem, LinkDriver.Nft, LinkDriver.Wanulator, LinkDriver.Pve, LinkDriver.Emulator];

    /// <summary>Reports what cannot be done, at the step that asks for it; each sentence once a step.</summary>
    /// <param name="plan">The run; it may have faults of its own.</param>
    /// <param name="bag">Takes them.</param>
    public static void Check(RunPlan plan, DiagnosticBag bag)
    {
        var links = plan.Links.DistinctBy(l => l.Name).ToDictionary(l => l.Name, StringComparer.Ordinal);
        var states = links.Values.ToDictionary(l => l.Name, l => new LinkState(l), StringComparer.Ordinal);
        var said = new HashSet<(SourcePosition, string)>();
        foreach (var (step, change) in plan.Steps.Select(s => (s, s.Action as LinkChangeStep)))
        {
            if (change is null || !links.TryGetValue(change.Link, out var link))
            {
                continue;
            }

            foreach (var (fault, hint) in Faults(link, change, states[link.Name]))
            {
                var message = $"link {link.Name} has driver '{Word(link.Driver)}': {fault}";
                if (said.Add((step.Position, message)))
                {
                    bag.Error(Code, step.Position, message, hint);
                }
            }

            var (isAsked, beside) = states[link.Name].Beside();
            foreach (var (words, cure) in beside)
            {
                var message = $"link {link.Name} has driver '{Word(link.Driver)}': {words}";
                if (isAsked)
                {
                    bag.Error(BesideCode, step.Position, message, cure);
                }
                else
                {
                    bag.Warning(BesideCode, step.Position, message, cure);
                }
            }
        }
    }

    /// <summary>What a driver cannot do of one change on a link that is as its profile says; empty for the emulator.</summary>
    private static IReadOnlyList<string> CannotDo(LinkPlan link, LinkDirection direction, LinkChange change) =>
        link.Driver == LinkDriver.Pve ? PveReach.CannotDo(direction, change) : LinkDrivers.CannotDo(link, direction, change);

    private static List<(string Fault, string? Hint)> Faults(LinkPlan link, LinkChangeStep change, LinkState state)
    {
        var added = state.After(change);

        // Values that a driver has only one by one are found on top of what the steps before have set; what those were told of already is not said again.
        var faults = CannotDo(link, change.Direction, change.Change).Concat(added).Distinct(StringComparer.Ordinal).ToList();
        var able = faults.Count > 0 ? Runnable.Where(d => d != link.Driver && state.IsPossible(d, change)).Select(d => $"'{Word(d)}'").ToList() : [];
        return faults.ConvertAll(f => (f, (string?)$"drivers that can do all that is asked of the link: {string.Join(", ", able)}"));
    }

    private static string Word(LinkDriver driver) => driver.ToString().ToLowerInvariant();

    /// <summary>What the steps so far have made of a link.</summary>
    private sealed class LinkState(LinkPlan link)
    {
        private LinkChange _up = new();
        private LinkChange _down = new();

        // By steps that degrade, without the profile that a restore comes back to.
        private LinkChange _askedUp = new();
        private LinkChange _askedDown = new();
        private HashSet<string> _known = new(StringComparer.Ordinal);
        private HashSet<string> _beside = new(StringComparer.Ordinal);

        /// <summary>Takes a step, and says what the driver cannot do of the whole state after it that it could before.</summary>
        public List<string> After(LinkChangeStep step)
        {
            (_up, _askedUp) = step.Direction == LinkDirection.Down ? (_up, _askedUp) : (_up.With(step.Change), step.IsRestore ? new() : _askedUp.With(step.Change));
            (_down, _askedDown) = step.Direction == LinkDirection.Up ? (_down, _askedDown) : (_down.With(step.Change), step.IsRestore ? new() : _askedDown.With(step.Change));
            // A card is told only what changes, so its state is never more than its changes one by one.
            if (link.Driver is LinkDriver.Pve or LinkDriver.Emulator)
            {
                return [];
            }

            var now = CannotDo(link, LinkDirection.Up, _up).Concat(CannotDo(link, LinkDirection.Down, _down)).ToHashSet(StringComparer.Ordinal);
            var added = now.Where(f => !_known.Contains(f)).ToList();
            _known = now;
            return added;
        }

        /// <summary>What the driver does beside what it is asked after the last step that it did not before, and whether the steps alone ask for it.</summary>
        public (bool IsAsked, List<(string Words, string Cure)> Beside) Beside()
        {
            var asked = Beside(link with { Profile = new LinkChange(), ProfileDown = null }, _askedUp, _askedDown);
            var now = asked.Count > 0 ? asked : Beside(link, _up, _down);
            var added = now.Where(n => !_beside.Contains(n.Words)).ToList();
            _beside = now.Select(n => n.Words).ToHashSet(StringComparer.Ordinal);
            return (asked.Count > 0, added);
        }

        private static List<(string Words, string Cure)> Beside(LinkPlan plan, LinkChange up, LinkChange down) =>
            [.. LinkDrivers.Beside(plan, LinkDirection.Up, up).Concat(LinkDrivers.Beside(plan, LinkDirection.Down, down)).Distinct()];

        /// <summary>Whether a driver could make the last step, and hold all that the link is asked after it.</summary>
        public bool IsPossible(LinkDriver driver, LinkChangeStep step)
        {
            var other = link with { Driver = driver };
            return CannotDo(other, step.Direction, step.Change).Count == 0
                && (_up == _down
                    ? CannotDo(other, LinkDirection.Both, _up).Count == 0
                    : CannotDo(other, LinkDirection.Up, _up).Count == 0 && CannotDo(other, LinkDirection.Down, _down).Count == 0);
        }
    }
}
