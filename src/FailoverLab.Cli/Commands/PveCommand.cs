using System.CommandLine;

namespace FailoverLab.Cli;

/// <summary><c>pve</c>: hosts of Proxmox VE over their API.</summary>
internal static class PveCommand
{
    public static Command Create(CommandContext context) => new("pve", "Hosts of Proxmox VE over their API: trust, machines, cards, tasks.")
    {
        PveTrustCommand.Create(context), PveMachinesCommand.Create(context), PveLinkCommand.Create(context), PveNetCommand.Create(context), PveStatusCommand.Create(context),
    };
}
