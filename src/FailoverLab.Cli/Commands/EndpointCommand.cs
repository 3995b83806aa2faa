using System.CommandLine;
using FailoverLab.Stack;

namespace FailoverLab.Cli;

/// <summary><c>endpoint --config FILE</c>: the endpoint of the failover stack.</summary>
internal static class EndpointCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new StackArguments();
        var command = new Command("endpoint", "Run an endpoint of the failover stack: tunnels over every WAN to every router.");
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            return arguments.Read(parsed, context, EndpointConfigReader.Read) is { } config
                ? EndpointProgram.Run(config, new ProgramHost(context.OpenOut(), context.Error, arguments.Gate(parsed, context)), interruption.Token)
                : (int)ExitCode.InvalidFile;
        });
        return command;
    }
}
