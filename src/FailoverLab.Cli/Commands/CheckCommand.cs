using System.CommandLine;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>check FILE</c>: validates a scenario and its hosts, a link profile, or a config file of the failover stack; starts nothing.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandContext context)
    {
        var scenario = new ScenarioArguments();
        var command = new Command("check", "Validate a scenario and its hosts, a link profile, or a config file of the failover stack; start nothing.");
        scenario.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = ScenarioArguments.Find(parsed.GetRequiredValue(scenario.File));
            return (int)(ProfileLoader.IsProfile(path) ? CheckProfile(path, context)
                : StackFileCheck.ProgramOf(path) is { } program ? CheckStack(program, path, context)
                : CheckScenario(scenario, parsed, context));
        });
        return command;
    }

    private static ExitCode CheckProfile(string path, CommandContext context)
    {
        var bag = new DiagnosticBag();
        var profile = ProfileLoader.Load(path, bag);
        context.ShowDiagnostics(bag.Sorted());
        if (profile is null)
        {
            return ExitCode.InvalidFile;
        }

        var (up, down) = (ImpairmentText.DescribeProfile(profile.Up), ImpairmentText.DescribeProfile(profile.Down));
        context.Out.WriteLine(up == down ? $"profile {profile.Name}: {up}" : $"profile {profile.Name}: up {up}; down {down}");
        return ExitCode.Passed;
    }

    private static ExitCode CheckStack(string program, string path, CommandContext context)
    {
        var bag = new DiagnosticBag();
        var said = StackFileCheck.Read(program, path, bag);
        context.ShowDiagnostics(bag.Sorted());
        if (said is null)
        {
            return ExitCode.InvalidFile;
        }

        context.Out.WriteLine(said);
        return ExitCode.Passed;
    }

    private static ExitCode CheckScenario(ScenarioArguments scenario, ParseResult parsed, CommandContext context)
    {
        if (scenario.Load(parsed, context) is not { } plan)
        {
            return ExitCode.InvalidFile;
        }

        context.Out.WriteLine($"{plan.Scenario}: {plan.Steps.Count} steps on {plan.Hosts.Count} hosts, {plan.Expectations.Count} expectations, {plan.Duration.TotalSeconds:0.###} s");
        return ExitCode.Passed;
    }
}
