using System.CommandLine;
using FailoverLab.Services;

namespace FailoverLab.Cli;

/// <summary><c>controller --config FILE</c>: the network controller of the failover stack.</summary>
internal static class ControllerCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new StackArguments();
        var command = new Command("controller", "Run the network controller of the failover stack: registers devices, allocates addresses.");
        arguments.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var interruption = new Interruption();
            return arguments.Read(parsed, context, ControllerConfigReader.Read) is { } config
                ? await ControllerProgram.RunAsync(config, new ServiceHost(context.Out, context.Error, arguments.Gate(parsed, context), context.Time), interruption.Token)
                : (int)ExitCode.InvalidFile;
        });
        return command;
    }
}
