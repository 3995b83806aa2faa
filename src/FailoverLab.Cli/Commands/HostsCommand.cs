using System.CommandLine;
using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>hosts check|clock</c>: whether the hosts over ssh can be reached, and how far their clocks are off.</summary>
internal static class HostsCommand
{
    public static Command Create(CommandContext context) => new("hosts", "The hosts over ssh: whether they can be reached, and their clocks.") { Check(context), Clock(context) };

    private static Command Check(CommandContext context)
    {
        var arguments = new InventoryArguments();
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command("check", "Log in to every host over ssh: one line each with how far the way goes and what is there.") { json };
        arguments.AddTo(command, choosesHosts: true);
        command.SetAction(async parsed =>
        {
            if (arguments.Load(parsed, context) is not { } plan)
            {
                return (int)ExitCode.InvalidFile;
            }

            using var interruption = new Interruption();
            try
            {
                var findings = await new HostRounds(plan, context, interruption.Token).ReachAsync();
                return (int)Print(findings, parsed.GetValue(json) ? DoctorJson.Write(findings) : null, plan, context);
            }
            catch (OperationCanceledException)
            {
                return (int)(interruption.ExitCode ?? ExitCode.Interrupted);
            }
        });
        return command;
    }

    private static Command Clock(CommandContext context)
    {
        var arguments = new InventoryArguments();
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var between = Duration("--between", "Time between the two measurements that give the drift; 0s makes one measurement.", "2s", TimeSpan.FromHours(1));
        var limit = Duration("--limit", "Refuse a host whose clock is not known to within this.", "10ms", TimeSpan.FromMinutes(1));
        var command = new Command("clock", "Measure every host's clock against this machine's: offset, bound, drift, round trip, and what keeps it.") { json, between, limit };
        arguments.AddTo(command, choosesHosts: true);
        command.SetAction(async parsed =>
        {
            if (arguments.Load(parsed, context) is not { } plan)
            {
                return (int)ExitCode.InvalidFile;
            }

            using var interruption = new Interruption();
            try
            {
                var (clocks, findings) = await new HostRounds(plan, context, interruption.Token).ClocksAsync(parsed.GetValue(between), parsed.GetValue(limit).Ticks * 100);
                return (int)Print(findings, parsed.GetValue(json) ? DoctorJson.Write(clocks) : null, plan, context);
            }
            catch (OperationCanceledException)
            {
                return (int)(interruption.ExitCode ?? ExitCode.Interrupted);
            }
        });
        return command;
    }

    private static ExitCode Print(IReadOnlyList<Finding> findings, string? json, InventoryPlan plan, CommandContext context)
    {
        if (json is not null)
        {
            context.Out.WriteLine(json);
        }
        else if (findings.Count == 0)
        {
            context.Out.WriteLine($"no host of {plan.File} is reached over ssh");
        }
        else
        {
            FindingList.Write(context.OutConsole, findings);
        }

        return FindingList.Code(findings);
    }

    private static Option<TimeSpan> Duration(string name, string description, string normal, TimeSpan max) => new(name)
    {
        Description = $"{description} Default {normal}.",
        DefaultValueFactory = _ => DurationText.TryParse(normal, out var value) ? value : TimeSpan.Zero,
        CustomParser = result =>
        {
            if (DurationText.TryParse(result.Tokens[0].Value, out var value) && value >= TimeSpan.Zero && value <= max)
            {
                return value;
            }

            result.AddError($"{name} takes a duration with its unit, 0s to {DurationText.Format(max)}, as 500ms or 2s.");
            return default;
        },
    };
}
