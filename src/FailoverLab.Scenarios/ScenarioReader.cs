using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads a scenario into a plan.</summary>
internal sealed class ScenarioReader(Inventory inventory, DiagnosticBag bag)
{
    private static readonly TimeSpan MinDuration = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxDuration = TimeSpan.FromHours(24);
    private readonly PlanBuilder _plan = new(bag);

    /// <summary>Reads the root of a scenario file.</summary>
    /// <returns>The plan; of use only while <paramref name="overrides"/> and file left no error in the diagnostics.</returns>
    public RunPlan? Read(YamlNode? root, ScenarioOverrides overrides)
    {
        if (MappingReader.Open(root, bag, "the scenario") is not { } reader)
        {
            return null;
        }
        VersionRule.Check(reader);
        var name = reader.Require("name").Text(NameForm.IsScenario, NameForm.ScenarioWords);
        var description = reader.Optional("description").Text() ?? "";
        var duration = reader.Require("duration").Duration(MinDuration, MaxDuration);
        var seed = Seed(reader.Optional("seed"));
        var maxSkew = reader.Optional("max_start_skew").Duration(TimeSpan.FromMicroseconds(10), TimeSpan.FromMinutes(1));
        var steps = reader.Require("steps");
        var expect = reader.Optional("expect");
        reader.Finish();
        ReadSteps(steps, duration ?? MaxDuration);
        var expectations = expect.Items().Select(e => new ExpectationReader(inventory, _plan, bag).Read(e, duration ?? MaxDuration)).OfType<ExpectationPlan>().ToList();
        if (reader.IsComplete && !_plan.HasFaultyStep)
        {
            StepOrderRules.Check(_plan.Steps, bag);
            CheckSubjects(expectations);
        }
        return new RunPlan
        {
            Scenario = name ?? "",
            Description = description.ReplaceLineEndings(" ").Trim(),
            Duration = duration ?? MinDuration,
            MaxStartSkew = maxSkew,
            Seed = overrides.Seed ?? seed ?? 1,
            Topology = inventory.Topology,
            Hosts = HostsOf(_plan.Steps, inventory),
            Links = inventory.RealLinks,
            Pve = inventory.Pve,
            Steps = _plan.Steps,
            Expectations = expectations,
        };
    }

    /// <summary>Hosts that steps or the topology name, each once.</summary>
    internal static IReadOnlyList<HostPlan> HostsOf(IReadOnlyList<StepPlan> steps, Inventory inventory) =>
        [.. inventory.Nodes.Select(n => n.Name).Concat(steps.Select(s => s.Host)).Concat(Receivers(steps)).Distinct().Select(inventory.Host).OfType<HostPlan>()];

    /// <summary>Hosts that only receive perform no step of their own, and take part all the same.</summary>
    private static IEnumerable<string> Receivers(IReadOnlyList<StepPlan> steps) => steps.Select(s => s.Action).OfType<TrafficStart>().SelectMany(t => t.Flows).Select(f => f.To);

    private void ReadSteps(ValueReader steps, TimeSpan duration)
    {
        var reader = new StepReader(inventory, _plan, bag);
        var number = 0;
        foreach (var step in steps.Items())
        {
            reader.Read(step, ++number, duration);
        }
        reader.Finish();
        if (steps.Node is YamlSequence { Items.Count: 0 })
        {
            steps.Error(ScenarioCodes.EmptyList, "the scenario has no steps");
        }
    }

    private void CheckSubjects(IReadOnlyList<ExpectationPlan> expectations)
    {
        var hasCaptures = _plan.Steps.Any(s => s.Action is CaptureStart);
        // A traffic tool of the person's own: its flows are found in the captures.
        var hasCommands = _plan.Steps.Any(s => s.Action is RunCommand);
        foreach (var expectation in expectations)
        {
            var missing = expectation.Metric switch
            {
                ExpectationMetric.StartSkew => null,
                ExpectationMetric.CaptureDrops => hasCaptures ? null : "capture",
                _ => _plan.Flows.Count > 0 || (hasCaptures && hasCommands) ? null : "traffic",
            };
            if (missing is not null)
            {
                bag.Warning(ScenarioCodes.NothingToJudge, expectation.Position, $"nothing to judge: no step starts a {missing}", "its verdict will be inconclusive");
            }
        }
    }

    private static ulong? Seed(ValueReader value) =>
        value.Text(t => ulong.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out _), "a whole number of 0 to 18446744073709551615") is { } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
