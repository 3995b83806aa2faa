using System.Globalization;
using FailoverLab.Hosts;
using FailoverLab.Proxmox;
using FailoverLab.Scenarios;

namespace FailoverLab.PveDriver;

/// <summary>The part of <c>doctor</c> that looks at hosts of Proxmox VE: asks first, judges then.</summary>
public static class PveExamination
{
    private static readonly string[] Needed = ["VM.Audit", "VM.Config.Network"];

    /// <summary>Asks a host; changes nothing. Where an answer fails, what was answered before it is kept.</summary>
    /// <param name="client">The host.</param>
    /// <param name="links">Links it carries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PveAnswers> AskAsync(PveClient client, IReadOnlyList<LinkPlan> links, CancellationToken cancellationToken)
    {
        var answers = new PveAnswers(client.Endpoint.Name);
        try
        {
            answers = answers with { Version = await client.VersionAsync(cancellationToken) };
            answers = answers with { Permissions = await client.PermissionsAsync(cancellationToken) };
            var node = await client.NodeAsync(cancellationToken);
            answers = answers with { Machines = await client.MachinesAsync(node, cancellationToken) };
            var cards = new Dictionary<int, IReadOnlyDictionary<int, NetDevice>>();
            foreach (var vmid in links.Select(l => l.VmId ?? 0).Distinct().Where(v => answers.Machines.Any(m => m.Vmid == v)))
            {
                cards[vmid] = (await client.Machine(node, vmid).ConfigAsync(cancellationToken)).Nets;
            }

            return answers with { Cards = cards };
        }
        catch (PveException end)
        {
            return answers with { End = end };
        }
    }

    /// <summary>What the answers mean; pure.</summary>
    /// <param name="answers">Of the host.</param>
    /// <param name="links">Links it carries.</param>
    /// <returns>One finding a line; what was not answered is said once.</returns>
    public static IReadOnlyList<Finding> Judge(PveAnswers answers, IReadOnlyList<LinkPlan> links)
    {
        var findings = new List<Finding>();
        if (answers.Version is { } version)
        {
            findings.Add(Say("pve", version.Major >= PveVersion.Oldest ? FindingStatus.Ok : FindingStatus.Bad, $"reached and trusted; Proxmox VE {version.Version}", version.Major >= PveVersion.Oldest ? null : "upgrade to version 8 or later"));
        }

        if (answers.Permissions is { } permissions)
        {
            findings.AddRange(links.Select(l => l.VmId ?? 0).Distinct().Order().Select(vmid => Privileges(permissions, vmid)));
        }

        if (answers.Machines is { } machines)
        {
            findings.AddRange(links.Select(l => Card(l, machines.FirstOrDefault(m => m.Vmid == l.VmId))));
        }

        if (answers.End is { } end)
        {
            findings.Add(Say("pve", answers.Version is null ? FindingStatus.Bad : FindingStatus.Unknown, end.Message, end.Hint));
        }

        return findings;

        Finding Say(string check, FindingStatus status, string evidence, string? fix = null) => new(answers.Name, check, status, evidence, fix);

        Finding Privileges(IReadOnlyDictionary<string, IReadOnlySet<string>> granted, int vmid)
        {
            // The nearest object that is listed has everything in effect there.
            var path = string.Create(CultureInfo.InvariantCulture, $"/vms/{vmid}");
            var on = new[] { path, "/vms", "/" }.FirstOrDefault(granted.ContainsKey);
            var missing = Needed.Where(p => on is null || !granted[on].Contains(p)).ToList();
            return missing.Count == 0
                ? Say("privileges", FindingStatus.Ok, $"{string.Join(", ", Needed)} on {path}")
                : Say("privileges", FindingStatus.Bad, $"{string.Join(", ", missing)} missing on {path}", "see docs/PROXMOX.md, Set up; a token with privilege separation needs them itself");
        }

        Finding Card(LinkPlan link, MachineSummary? machine)
        {
            var what = string.Create(CultureInfo.InvariantCulture, $"link {link.Name}: machine {link.VmId}");
            if (machine is null)
            {
                return Say("machine", FindingStatus.Bad, $"{what} is not there, or the credential does not see it", "compare with `failoverlab pve vms " + answers.Name + "`");
            }

            if (!machine.IsRunning)
            {
                return Say("machine", FindingStatus.Bad, $"{what} does not run", "start it");
            }

            if (!answers.Cards.TryGetValue(machine.Vmid, out var cards))
            {
                return Say("machine", FindingStatus.Unknown, $"{what} runs; its cards were not answered");
            }

            var key = string.Create(CultureInfo.InvariantCulture, $"net{link.Net ?? 0}");
            return !cards.TryGetValue(link.Net ?? 0, out var card) ? Say("machine", FindingStatus.Bad, $"{what} has no {key}", "it has " + string.Join(", ", cards.Keys.Order().Select(k => string.Create(CultureInfo.InvariantCulture, $"net{k}")).DefaultIfEmpty("no card")))
                : card.IsLinkDown ? Say("machine", FindingStatus.Bad, $"{what}, {key}: its plug is pulled already", "`failoverlab recover`, or put it in where an earlier run did not pull it")
                : machine.Lock is { } held ? Say("machine", FindingStatus.Bad, $"{what} is locked ({held}): no change would be taken", "wait for the task that holds the lock")
                : new[] { link.Lan, link.Wan }.OfType<string>().ToList() is { Count: > 0 } named && !named.Contains(card.Bridge ?? "", StringComparer.Ordinal)
                    ? Say("machine", FindingStatus.Note, $"{what}, {key} is on {card.Bridge ?? "no bridge"}, the link map names {string.Join(" and ", named)}", "compare the link map with `failoverlab pve vms " + answers.Name + "`")
                : Say("machine", FindingStatus.Ok, $"{what} runs, {key} is on {card.Bridge ?? "no bridge"}, plugged in");
        }
    }
}
