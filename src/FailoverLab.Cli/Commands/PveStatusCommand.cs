using System.CommandLine;
using FailoverLab.Proxmox;

namespace FailoverLab.Cli;

/// <summary><c>pve status HOST UPID</c>: how a task stands and what it printed last.</summary>
internal static class PveStatusCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new PveArguments();
        var name = new Argument<string>("UPID") { Description = "The task's name, as messages print it." };
        var command = new Command("status", "Say how a task stands and what it printed last; status 1 when it failed.") { name };
        arguments.AddTo(command);
        command.SetAction((parsed, cancellationToken) => arguments.AskAsync(parsed, context, async client =>
        {
            if (Upid.Parse(parsed.GetRequiredValue(name)) is not { } task)
            {
                context.Error.WriteLine("error: that is no task's name; it begins with UPID: and ends with a colon");
                return ExitCode.Usage;
            }

            var state = await client.Tasks.StateAsync(task, cancellationToken);
            var log = await client.Tasks.LogAsync(task, TaskEnd.MaxLines, cancellationToken);
            context.Out.WriteLine($"{task.Type} {task.Id} on {task.Node} by {task.User}, begun {task.StartedAt:yyyy-MM-dd HH:mm:ss} UTC: {(state.IsRunning ? "running" : TerminalText.Clean(state.ExitStatus!))}");
            foreach (var line in log)
            {
                context.Out.WriteLine($"  {TerminalText.Clean(line)}");
            }

            return state.IsRunning || new TaskEnd(task, state.ExitStatus!, log).IsSuccess ? ExitCode.Passed : ExitCode.Failed;
        }));
        return command;
    }
}
