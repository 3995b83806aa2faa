using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Reads a hosts file and its lab alone, for a lab that stands without a scenario.</summary>
public static class LabLoader
{
    /// <summary>Reads the files; starts nothing.</summary>
    /// <param name="hostsPath">Hosts file with a <c>lab:</c>.</param>
    /// <returns>A plan without steps, or every fault at once.</returns>
    public static PlanResult Load(string hostsPath)
    {
        var bag = new DiagnosticBag();
        var inventory = new InventoryReader(bag).Read(hostsPath);
        var plan = new RunPlan
        {
            Scenario = "lab",
            Description = "",
            Duration = TimeSpan.FromSeconds(1),
            Seed = 1,
            Topology = inventory.Topology,
            Hosts = [],
            Steps = [],
            Expectations = [],
        };
        return new PlanResult(bag.HasErrors ? null : plan, bag.Sorted());
    }
}
