using System.CommandLine;

namespace FailoverLab.Cli;

/// <summary><c>scenario FILE</c> (alias <c>run</c>): runs a scenario and reports on it.</summary>
internal static class ScenarioCommand
{
    public static Command Create(CommandContext context)
    {
        var scenario = new ScenarioArguments();
        var at = new Argument<string?>("TIME") { Description = "When to start, as `date -d` takes it (\"now + 10 min\", 22:30); with --repeat, the first run. Default: once everything is armed.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string>("--out") { Description = "Directory runs are kept in.", DefaultValueFactory = _ => "reports" };
        var repeat = new Option<int>("--repeat") { Description = "Run it this many times and merge the tables.", DefaultValueFactory = _ => 1 };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the plan and start nothing." };
        var keepLab = new Option<bool>("--keep-lab") { Description = "Leave the embedded lab running afterwards; `lab down` ends it." };
        var json = new Option<bool>("--json") { Description = "Print result.json on standard output and nothing else." };
        var linkLog = new Option<bool>("--link-log") { Description = "Keep each packet's fate on every link of the embedded lab, in links/ of the run." };
        repeat.Validators.Add(result =>
        {
            if (result.GetValue(repeat) is < 1 or > 10_000)
            {
                result.AddError("--repeat takes 1 to 10000.");
            }
        });
        var command = new Command("scenario", "Run a scenario and report how long traffic was down and on which path it came back.")
        {
            output, repeat, dryRun, keepLab, json, linkLog,
        };
        command.Aliases.Add("run");
        scenario.AddTo(command);
        command.Arguments.Add(at);
        command.SetAction(async (parsed, _) =>
        {
            if (scenario.Load(parsed, context) is not { } plan)
            {
                return (int)ExitCode.InvalidFile;
            }

            plan = plan with { LogsLinks = parsed.GetValue(linkLog) };
            if (parsed.GetValue(dryRun))
            {
                PlanCommand.Print(plan, parsed.GetValue(json), context);
                return (int)ExitCode.Passed;
            }

            long? startAtNs = null;
            if (parsed.GetValue(at) is { } words)
            {
                (startAtNs, var fault) = await StartTime.ReadAsync(words, context.Time);
                if (fault is not null)
                {
                    await context.Error.WriteLineAsync($"error: {fault}");
                    return (int)ExitCode.Usage;
                }
            }

            var session = new ScenarioSession(context, new ScenarioRequest
            {
                Plan = plan,
                ScenarioFile = ScenarioArguments.Find(parsed.GetRequiredValue(scenario.File)),
                HostsFile = parsed.GetRequiredValue(scenario.Hosts),
                OutputRoot = parsed.GetRequiredValue(output),
                StartAtNs = startAtNs,
                Repeat = parsed.GetValue(repeat),
                KeepLab = parsed.GetValue(keepLab),
                Json = parsed.GetValue(json),
            });
            return (int)await session.RunAsync();
        });
        return command;
    }
}
