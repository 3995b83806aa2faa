using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads one step: when, what, where.</summary>
internal sealed class StepReader(Inventory inventory, PlanBuilder plan, DiagnosticBag bag)
{
    /// <summary>Keys of the actions; a step has exactly one.</summary>
    public static IReadOnlyList<string> Actions { get; } = ["capture", "stack", "traffic", "degrade", "restore", "run", "kill", "stop"];

    private readonly List<(StepDraft Draft, StopTarget What)> _stops = [];
    private readonly CaptureReader _captures = new(inventory);
    private readonly TrafficReader _traffic = new(inventory, plan, bag);
    private readonly LinkStepReader _links = new(inventory, bag);
    private readonly ProgramStepReader _programs = new(inventory);
    private readonly CommandReader _commands = new(inventory);

    public void Read(ValueReader value, int number, TimeSpan duration)
    {
        if (value.Mapping("a step") is not { } step)
        {
            plan.Drop();
            return;
        }
        var at = step.Require("at").Duration(TimeSpan.Zero, duration);
        var name = step.Optional("name").Text(NameForm.IsStep, NameForm.StepWords);
        var hosts = step.Optional("hosts");
        var kind = step.OneOfKeys(Actions);
        step.Finish();
        if (kind is null)
        {
            plan.Drop();
            return;
        }
        var draft = new StepDraft(number, kind, name, at, hosts, step.Position);
        if (kind is "capture" or "traffic" or "degrade" or "restore" && hosts.IsPresent)
        {
            hosts.Error(ScenarioCodes.HostsWithoutMeaning, $"'hosts' says nothing in a {kind} step: it names its hosts itself", "leave it out");
        }
        var action = step.Optional(kind);
        if (kind == "stop")
        {
            ReadStop(draft, action);
            return;
        }
        plan.Add(draft, kind switch
        {
            "capture" => _captures.Read(action),
            "stack" => _programs.ReadStart(draft, action),
            "traffic" => _traffic.Read(action),
            "degrade" => _links.ReadDegrade(action),
            "restore" => _links.ReadRestore(action),
            "kill" => _programs.ReadKill(draft, action),
            _ => _commands.Read(draft, action),
        });
    }

    /// <summary>Adds the stops once all starts are known: a stop without hosts ends what was started before it, wherever.</summary>
    public void Finish()
    {
        foreach (var (draft, what) in _stops)
        {
            var started = plan.Steps.Where(s => Matches(s.Action, what) && s.At <= draft.At).Select(s => s.Host).Distinct().ToList();
            if (draft.Hosts.IsPresent)
            {
                var asked = inventory.FindHosts(draft.Hosts).Select(h => h.Name).ToList();
                started = [.. started.Intersect(asked)];
            }
            if (started.Count == 0 && draft.At is not null && !plan.HasFaultyStep)
            {
                bag.Warning(ScenarioCodes.StopWithoutStart, draft.Position, $"nothing to stop: no {what.ToString().ToLowerInvariant()} was started before this step");
                continue;
            }
            plan.Add(draft, [.. started.Select(h => new StepEntry(h, h, new StopStep(what), $"stop {what.ToString().ToLowerInvariant()} on {h}", ""))]);
        }
    }

    private void ReadStop(StepDraft draft, ValueReader action)
    {
        if (action.OneOf("traffic", "capture", "stack") is { } word)
        {
            _stops.Add((draft, word switch { "traffic" => StopTarget.Traffic, "capture" => StopTarget.Capture, _ => StopTarget.Stack }));
        }
        else
        {
            plan.Drop();
        }
    }

    private static bool Matches(StepAction action, StopTarget what) => what switch
    {
        StopTarget.Traffic => action is TrafficStart,
        StopTarget.Capture => action is CaptureStart,
        _ => action is StackStart,
    };
}
