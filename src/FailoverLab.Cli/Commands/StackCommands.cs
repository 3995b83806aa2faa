using System.CommandLine;

namespace FailoverLab.Cli;

/// <summary>The verbs of the failover stack's four programs.</summary>
internal static class StackCommands
{
    public static IReadOnlyList<Command> Create(CommandContext context) =>
        [EndpointCommand.Create(context), RouterCommand.Create(context), BalancerCommand.Create(context), ControllerCommand.Create(context)];
}
