using System.CommandLine;
using FailoverLab.Proxmox;

namespace FailoverLab.Cli;

/// <summary><c>pve net HOST VM NET</c>: prints one card of a machine as its configuration writes it, or puts its plug and rate back; what journals call to undo.</summary>
internal static class PveNetCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new PveArguments();
        var card = new PveCardArguments();
        var sorted = new Option<bool>("--sorted") { Description = "In one order, whichever it is written in, to compare." };
        var set = new Option<string?>("--set") { Description = "Give it the plug and the rate of this card, as printed earlier; refused where anything else of it differs." };
        var command = new Command("net", "Print a machine's card as its configuration writes it, or put its plug and rate back.") { sorted, set };
        card.AddTo(command);
        arguments.AddTo(command);
        command.SetAction((parsed, cancellationToken) => arguments.AskAsync(parsed, context, async client =>
        {
            var one = new PveCard(client, parsed.GetRequiredValue(card.Machine), card.Number(parsed));
            var (device, digest) = await one.ReadAsync(cancellationToken);
            if (parsed.GetValue(set) is not { } text)
            {
                context.Out.WriteLine(parsed.GetValue(sorted) ? device.Sorted : device.Text);
                return ExitCode.Passed;
            }

            if (NetDevice.Parse(text) is not { } wanted)
            {
                context.Error.WriteLine("error: --set: that is no card, such as virtio=BC:24:11:00:00:01,bridge=vmbr1");
                return ExitCode.Usage;
            }

            if (wanted.DifferencesFrom(device.WithOwn(wanted)) is { Count: > 0 } others)
            {
                context.Error.WriteLine($"error: {one.Key} of machine {one.Vmid} differs in more than plug and rate, so it is left as it is: {TerminalText.Clean(string.Join("; ", others))}");
                return ExitCode.Refused;
            }

            return await WriteAsync(one, device, device.WithOwn(wanted), digest, context, cancellationToken);
        }));
        return command;
    }

    /// <summary>Writes a card where it differs, reads it back, and prints it.</summary>
    public static async Task<ExitCode> WriteAsync(PveCard card, NetDevice device, NetDevice wanted, string digest, CommandContext context, CancellationToken cancellationToken)
    {
        if (wanted.DifferencesFrom(device).Count > 0)
        {
            await card.WriteAsync(wanted, digest, cancellationToken);
        }

        var (now, _) = await card.ReadAsync(cancellationToken);
        context.Out.WriteLine(now.Text);
        if (now.DifferencesFrom(wanted) is not { Count: > 0 } wrong)
        {
            return ExitCode.Passed;
        }

        context.Error.WriteLine($"error: {card.Key} of machine {card.Vmid} did not take it: {TerminalText.Clean(string.Join("; ", wrong))}");
        return ExitCode.Failed;
    }
}
