using System.CommandLine;
using FailoverLab.Services;

namespace FailoverLab.Cli;

/// <summary><c>balancer --config FILE</c>: the load balancer of the failover stack.</summary>
internal static class BalancerCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new StackArguments();
        var command = new Command("balancer", "Run the load balancer of the failover stack: scores routers, decides for endpoints.");
        arguments.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var interruption = new Interruption();
            return arguments.Read(parsed, context, BalancerConfigReader.Read) is { } config
                ? await BalancerProgram.RunAsync(config, new ServiceHost(context.Out, context.Error, arguments.Gate(parsed, context), context.Time), interruption.Token)
                : (int)ExitCode.InvalidFile;
        });
        return command;
    }
}
