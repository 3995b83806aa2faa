using System.CommandLine;
using FailoverLab.EmbeddedLab;

namespace FailoverLab.Cli;

/// <summary><c>lab-init</c>: the process inside the lab's namespaces. Hidden; started by the program itself.</summary>
internal static class LabInitCommand
{
    public static Command Create(CommandContext context)
    {
        var detached = new Option<bool>("--detached");
        var command = new Command(LabServer.Verb) { detached };
        command.Hidden = true;
        command.SetAction(parsed => LabServer.Run(context.In(), context.Out, context.Self, parsed.GetValue(detached)));
        return command;
    }
}
