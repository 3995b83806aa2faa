using FailoverLab.Hosts;
using FailoverLab.Proxmox;
using FailoverLab.PveDriver;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>Goes round the Proxmox VE endpoints of an inventory, all at once, and says how they stand towards the links they carry; changes nothing.</summary>
/// <param name="inventory">The inventory.</param>
/// <param name="time">Clock of time limits.</param>
internal sealed class PveRounds(InventoryPlan inventory, TimeProvider time)
{
    /// <summary>Asks each and judges what it answered; one that fails costs only its own lines.</summary>
    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(inventory.Pve.Select(p => OneAsync(p, cancellationToken)))).SelectMany(f => f)];

    private async Task<IReadOnlyList<Finding>> OneAsync(PvePlan endpoint, CancellationToken cancellationToken)
    {
        var links = inventory.Links.Where(l => l.Driver == LinkDriver.Pve && l.Pve == endpoint.Name).ToList();
        try
        {
            using var client = new PveClient(PveEndpoints.Of(endpoint), time);
            return PveExamination.Judge(await PveExamination.AskAsync(client, links, cancellationToken), links);
        }
        catch (PveException refusal)
        {
            return PveExamination.Judge(new PveAnswers(endpoint.Name) { End = refusal }, links);
        }
    }
}
