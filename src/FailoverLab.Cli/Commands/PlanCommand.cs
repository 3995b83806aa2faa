using System.CommandLine;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>plan FILE</c>: the merged timeline per host with every command and its undo; starts nothing.</summary>
internal static class PlanCommand
{
    public static Command Create(CommandContext context)
    {
        var scenario = new ScenarioArguments();
        var json = new Option<bool>("--json") { Description = "Print the plan as one JSON document." };
        var command = new Command("plan", "Print the merged timeline per host with every command and its undo; start nothing.") { json };
        scenario.AddTo(command);
        command.SetAction(parsed =>
        {
            if (scenario.Load(parsed, context) is not { } plan)
            {
                return (int)ExitCode.InvalidFile;
            }

            Print(plan, parsed.GetValue(json), context);
            return (int)ExitCode.Passed;
        });
        return command;
    }

    public static void Print(RunPlan plan, bool asJson, CommandContext context)
    {
        if (asJson)
        {
            context.Out.WriteLine(PlanJson.Write(plan));
        }
        else
        {
            PlanText.Write(plan, context.Out);
        }
    }
}
