using System.CommandLine;
using FailoverLab.Stack;

namespace FailoverLab.Cli;

/// <summary><c>router --config FILE</c>: the routing server of the failover stack.</summary>
internal static class RouterCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new StackArguments();
        var command = new Command("router", "Run a routing server of the failover stack: the far end of the tunnels.");
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            return arguments.Read(parsed, context, RouterConfigReader.Read) is { } config
                ? RouterProgram.Run(config, new ProgramHost(context.OpenOut(), context.Error, arguments.Gate(parsed, context)), interruption.Token)
                : (int)ExitCode.InvalidFile;
        });
        return command;
    }
}
