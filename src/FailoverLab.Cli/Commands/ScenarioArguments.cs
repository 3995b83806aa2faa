using System.CommandLine;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>What every verb that reads a scenario shares: the file, the hosts file, the seed, and how faults are shown.</summary>
internal sealed class ScenarioArguments
{
    public Argument<string> File { get; } = new("FILE") { Description = "Scenario file; a bare name is looked for in scenarios/." };

    public Option<string> Hosts { get; } = new("--hosts") { Description = "Inventory.", DefaultValueFactory = _ => "hosts.yaml" };

    public Option<ulong?> Seed { get; } = new("--seed") { Description = "Seed of every random choice, in place of the scenario's." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(File);
        command.Options.Add(Hosts);
        command.Options.Add(Seed);
    }

    /// <summary>Reads the plan and prints every fault and warning.</summary>
    /// <returns>The plan, or <see langword="null"/> when there was an error.</returns>
    public RunPlan? Load(ParseResult parsed, CommandContext context)
    {
        var result = ScenarioLoader.Load(
            Find(parsed.GetRequiredValue(File)), parsed.GetRequiredValue(Hosts), new ScenarioOverrides { Seed = parsed.GetValue(Seed) }, Reach);
        context.ShowDiagnostics(result.Diagnostics);
        LabSecrets.Withdraw(result.Hosts, result.Plan?.Pve ?? [], result.Plan?.Links ?? []);
        return result.Plan;
    }

    /// <summary>What only this program knows: what drivers can do, and whether it can be put on other hosts.</summary>
    private static void Reach(RunPlan plan, DiagnosticBag bag)
    {
        RealLinkReach.Check(plan, bag);
        RemoteProgramReach.Check(plan, bag, RemoteProgramReach.SingleFile);
    }

    /// <summary>A file by its path, or by its bare name in <c>scenarios/</c>, with or without ending.</summary>
    public static string Find(string name)
    {
        string[] places = [name, Path.Combine("scenarios", name), Path.Combine("scenarios", name + ".yaml")];
        return places.FirstOrDefault(System.IO.File.Exists) ?? name;
    }
}
