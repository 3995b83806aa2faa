using System.CommandLine;
using System.Diagnostics;
using FailoverLab.EmbeddedLab;
using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>lab up|down|status|exec|gauge</c>: the embedded lab by itself.</summary>
internal static class LabCommand
{
    public static Command Create(CommandContext context) => new("lab", "The embedded lab by itself.")
    {
        Up(context), Down(context), Status(context), Exec(context), LabGaugeCommand.Create(context),
    };

    private static Command Up(CommandContext context)
    {
        var hosts = new Option<string>("--hosts") { Description = "Inventory.", DefaultValueFactory = _ => "hosts.yaml" };
        var command = new Command("up", "Build the lab and leave it running; its WAN links forward, the failover stack is not started.") { hosts };
        command.SetAction(parsed =>
        {
            var result = LabLoader.Load(parsed.GetRequiredValue(hosts));
            context.ShowDiagnostics(result.Diagnostics);
            return result.Plan is { Topology: not null } plan ? BringUp(plan, context) : (int)ExitCode.InvalidFile;
        });
        return command;
    }

    private static int BringUp(RunPlan plan, CommandContext context)
    {
        if (DetachedLab.Find() is { } running)
        {
            context.Error.WriteLine($"error: a lab is up already (process {running.InitPid}); `lab down` ends it");
            return (int)ExitCode.Refused;
        }

        var faults = LabPreflight.Check();
        if (faults.Count > 0)
        {
            Refusal.Print(faults, context.Error);
            return (int)ExitCode.Refused;
        }

        try
        {
            var began = Stopwatch.GetTimestamp();
            var lab = DetachedLab.Start(plan, context.Self);
            context.Out.WriteLine(
                $"up in {DurationText.Format(Stopwatch.GetElapsedTime(began))}: {plan.Topology!.Nodes.Count} nodes, {plan.Topology.WanLinks.Count} WAN links (process {lab.InitPid})");
            return (int)ExitCode.Passed;
        }
        catch (StepHostException refusal)
        {
            context.Error.WriteLine($"error: {refusal.Message}");
            return (int)ExitCode.Refused;
        }
    }

    private static Command Down(CommandContext context)
    {
        var command = new Command("down", "End the lab; nothing of it is left.");
        command.SetAction(_ =>
        {
            var began = Stopwatch.GetTimestamp();
            if (DetachedLab.Find() is not { } lab)
            {
                context.Out.WriteLine("no lab is up");
                return (int)ExitCode.Passed;
            }

            lab.Stop();
            context.Out.WriteLine($"down in {DurationText.Format(Stopwatch.GetElapsedTime(began))}");
            return (int)ExitCode.Passed;
        });
        return command;
    }

    private static Command Status(CommandContext context)
    {
        var command = new Command("status", "Say whether a lab is up.");
        command.SetAction(_ =>
        {
            context.Out.WriteLine(DetachedLab.Find() is { } lab ? $"up (process {lab.InitPid}); nodes: {string.Join(' ', lab.Nodes())}" : "no lab is up");
            return (int)ExitCode.Passed;
        });
        return command;
    }

    private static Command Exec(CommandContext context)
    {
        var node = new Argument<string>("NODE") { Description = "Node name." };
        var words = new Argument<string[]>("CMD") { Description = "Command and its arguments, after --.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("exec", "Run a command in a node of the running lab.") { node, words };
        command.SetAction(parsed =>
        {
            if (DetachedLab.Find() is not { } lab)
            {
                context.Error.WriteLine("error: no lab is up; start one with `lab up`");
                return (int)ExitCode.Refused;
            }

            var name = parsed.GetRequiredValue(node);
            if (!lab.Nodes().Contains(name, StringComparer.Ordinal))
            {
                var near = NearestName.Find(name, lab.Nodes());
                context.Error.WriteLine($"error: no node '{name}'{(near is null ? "" : $"; did you mean '{near}'?")} Nodes: {string.Join(' ', lab.Nodes())}");
                return (int)ExitCode.Usage;
            }

            using var process = Process.Start(lab.Exec(name, parsed.GetRequiredValue(words)))!;
            process.WaitForExit();
            return process.ExitCode;
        });
        return command;
    }
}
