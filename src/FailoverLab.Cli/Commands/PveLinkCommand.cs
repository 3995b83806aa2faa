using System.CommandLine;
using FailoverLab.Proxmox;

namespace FailoverLab.Cli;

/// <summary><c>pve link HOST VM NET up|down</c>: pulls the plug of one card of a machine, or puts it in.</summary>
internal static class PveLinkCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new PveArguments();
        var card = new PveCardArguments();
        var state = new Argument<string>("STATE") { Description = "up or down." };
        state.AcceptOnlyFromAmong("up", "down");
        var command = new Command("link", "Pull the plug of a machine's card, or put it in; it stays so until it is changed again.") { state };
        card.AddTo(command);
        arguments.AddTo(command);
        command.SetAction((parsed, cancellationToken) => arguments.AskAsync(parsed, context, async client =>
        {
            var one = new PveCard(client, parsed.GetRequiredValue(card.Machine), card.Number(parsed));
            var (device, digest) = await one.ReadAsync(cancellationToken);
            var wanted = device.WithLinkDown(parsed.GetRequiredValue(state) == "down");
            return await PveNetCommand.WriteAsync(one, device, wanted, digest, context, cancellationToken);
        }));
        return command;
    }
}
