using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads a scenario, its hosts and their lab, and makes the plan of the run.</summary>
public static class ScenarioLoader
{
    /// <summary>Reads the files; starts nothing and asks no host.</summary>
    /// <param name="scenarioPath">Scenario file, as the person gave it.</param>
    /// <param name="hostsPath">Hosts file; the topology's path is relative to it.</param>
    /// <param name="overrides">Values from the command line.</param>
    /// <param name="rules">What only the caller knows (what drivers can do): looks at the plan, which may have faults by then, and adds to them.</param>
    /// <returns>The plan, or every fault of all files at once.</returns>
    public static PlanResult Load(string scenarioPath, string hostsPath, ScenarioOverrides overrides, Action<RunPlan, DiagnosticBag>? rules = null)
    {
        var bag = new DiagnosticBag();
        var root = YamlReader.ReadFile(scenarioPath, bag);
        var inventory = new InventoryReader(bag).Read(hostsPath);
        var plan = SeedPlanReader.IsSeedPlan(root)
            ? new SeedPlanReader(inventory, bag).Read(root, overrides)
            : new ScenarioReader(inventory, bag).Read(root, overrides);
        if (plan is not null)
        {
            rules?.Invoke(plan, bag);
        }

        return new PlanResult(bag.HasErrors ? null : plan, bag.Sorted()) { Hosts = [.. inventory.Hosts] };
    }
}
