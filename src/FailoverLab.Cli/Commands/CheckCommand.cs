using System.CommandLine;

namespace FailoverLab.Cli;

/// <summary><c>check FILE</c>: validates a scenario and its hosts; starts nothing.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandContext context)
    {
        var scenario = new ScenarioArguments();
        var command = new Command("check", "Validate a scenario and its hosts; start nothing.");
        scenario.AddTo(command);
        command.SetAction(parsed =>
        {
            if (scenario.Load(parsed, context) is not { } plan)
            {
                return (int)ExitCode.InvalidFile;
            }

            context.Out.WriteLine($"{plan.Scenario}: {plan.Steps.Count} steps on {plan.Hosts.Count} hosts, {plan.Expectations.Count} expectations, {plan.Duration.TotalSeconds:0.###} s");
            return (int)ExitCode.Passed;
        });
        return command;
    }
}
