using System.Globalization;
using System.Net;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Collects the steps of a scenario, names them and numbers the flows.</summary>
internal sealed class PlanBuilder(DiagnosticBag bag)
{
    private const int FirstPort = 40_000;
    private readonly List<(int Number, StepPlan Step)> _steps = [];
    private readonly Dictionary<string, SourcePosition> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flowNames = new(StringComparer.Ordinal);

    /// <summary>Whether a step was left out for a fault of its own, so that the order of the others says nothing.</summary>
    public bool HasFaultyStep { get; private set; }

    /// <summary>Flows of all traffic steps so far.</summary>
    public List<FlowPlan> Flows { get; } = [];

    /// <summary>Steps by time, ties in order of the file.</summary>
    public IReadOnlyList<StepPlan> Steps => [.. _steps.OrderBy(s => s.Step.At).ThenBy(s => s.Number).Select(s => s.Step)];

    /// <summary>Marks the step as left out.</summary>
    public void Drop() => HasFaultyStep = true;

    /// <summary>Adds a step's parts, one on each host.</summary>
    public void Add(StepDraft draft, IReadOnlyList<StepEntry> entries)
    {
        if (draft.At is not { } at || entries.Count == 0)
        {
            HasFaultyStep = true;
            return;
        }
        foreach (var entry in entries)
        {
            var name = draft.Name is null ? string.Create(CultureInfo.InvariantCulture, $"{draft.Number:00}-{draft.Kind}-{entry.Subject}")
                : entries.Count == 1 ? draft.Name
                : $"{draft.Name}-{entry.Subject}";
            if (!_names.TryAdd(name, draft.Position))
            {
                bag.Error(ScenarioCodes.DuplicateStep, draft.Position, $"step name '{name}' is also that of the step in line {_names[name].Line}", "give one of them another name");
            }
            _steps.Add((draft.Number, new StepPlan
            {
                Name = name,
                Host = entry.Host,
                At = at,
                Action = entry.Action,
                Command = entry.Command,
                Undo = entry.Undo,
                Position = draft.Position,
            }));
        }
    }

    /// <summary>Makes the next flow; its number gives its port, so that no two flows share one.</summary>
    public FlowPlan AddFlow(string from, string to, IPAddress source, IPAddress destination, TimeSpan interval, int size, bool isSizeCoded)
    {
        var id = (uint)Flows.Count + 1;
        var name = $"{from}>{to}/{(source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "ipv4" : "ipv6")}";
        if (!_flowNames.Add(name))
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{name}#{id}");
            _flowNames.Add(name);
        }
        var flow = new FlowPlan
        {
            Id = id,
            Name = name,
            From = from,
            To = to,
            Source = source,
            Destination = destination,
            Port = FirstPort + (int)id,
            Interval = interval,
            Size = size,
            IsSizeCoded = isSizeCoded,
        };
        Flows.Add(flow);
        return flow;
    }
}
