using System.CommandLine;

namespace FailoverLab.Cli;

/// <summary><c>scenario FILE</c> (alias <c>run</c>): runs a scenario and reports on it.</summary>
internal static class ScenarioCommand
{
    public static Command Create(CommandContext context)
    {
        var scenario = new ScenarioArguments();
        var output = new Option<string>("--out") { Description = "Directory runs are kept in.", DefaultValueFactory = _ => "reports" };
        var repeat = new Option<int>("--repeat") { Description = "Run it this many times and merge the tables.", DefaultValueFactory = _ => 1 };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the plan and start nothing." };
        var keepLab = new Option<bool>("--keep-lab") { Description = "Leave the embedded lab running afterwards; `lab down` ends it." };
        var json = new Option<bool>("--json") { Description = "Print result.json on standard output and nothing else." };
        repeat.Validators.Add(result =>
        {
            if (result.GetValue(repeat) is < 1 or > 10_000)
            {
                result.AddError("--repeat takes 1 to 10000.");
            }
        });
        var command = new Command("scenario", "Run a scenario and report how long traffic was down and on which path it came back.")
        {
            output, repeat, dryRun, keepLab, json,
        };
        command.Aliases.Add("run");
        scenario.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            if (scenario.Load(parsed, context) is not { } plan)
            {
                return (int)ExitCode.InvalidFile;
            }

            if (parsed.GetValue(dryRun))
            {
                PlanCommand.Print(plan, parsed.GetValue(json), context);
                return (int)ExitCode.Passed;
            }

            var session = new ScenarioSession(context, new ScenarioRequest
            {
                Plan = plan,
                ScenarioFile = ScenarioArguments.Find(parsed.GetRequiredValue(scenario.File)),
                HostsFile = parsed.GetRequiredValue(scenario.Hosts),
                OutputRoot = parsed.GetRequiredValue(output),
                Repeat = parsed.GetValue(repeat),
                KeepLab = parsed.GetValue(keepLab),
                Json = parsed.GetValue(json),
            });
            return (int)await session.RunAsync();
        });
        return command;
    }
}
