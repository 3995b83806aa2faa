using System.Net;
using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>
/// Whether the way back to whoever gave the commands crosses a link that is to be degraded: then a fault would cut off its own undoing. On a
/// host that carries a link this is proven from the route and the make-up of the interfaces, or the host is refused.
/// </summary>
internal sealed class ManagementPathCheck : IHostCheck
{
    /// <summary>sudo keeps the variable from what it starts, but its own process still has it.</summary>
    private const string Find = """
        [ -z "$SSH_CONNECTION" ] || { echo "$SSH_CONNECTION"; exit; }
        p=$$
        while s=$(cat "/proc/$p/stat") && s=${s##*) } && set -- $s && p=$2 && [ "$p" -gt 1 ]; do
          c=$(tr '\0' '\n' <"/proc/$p/environ" | sed -n 's/^SSH_CONNECTION=//p')
          [ -z "$c" ] || { echo "$c"; exit; }
        done 2>/dev/null
        exit 1
        """;

    private static readonly ShellCommand Connection = new("sh", "-c", Find);
    private static readonly ShellCommand Interfaces = new("ip", "-json", "link", "show");

    public string Name => "management path";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => subject.IsHere ? [] : [Connection, Interfaces];

    public IReadOnlyList<ShellCommand> FurtherQuestions(HostSnapshot answers) => Route(answers) is { } route ? [route] : [];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        if (answers.Subject.IsHere)
        {
            if (answers.Subject.Links.Count > 0)
            {
                yield return answers.Ok(Name, "commands are given on this machine itself");
            }

            yield break;
        }

        yield return Judge(answers, [.. answers.Subject.Links.Where(l => l.Driver != LinkDriver.Pve)]);
    }

    private Finding Judge(HostSnapshot answers, IReadOnlyList<LinkPlan> links)
    {
        if (Ends(answers) is not var (caller, _) || Route(answers) is not { } question)
        {
            return NotProven(answers, links, "the address commands come from is not known (neither the shell nor what started it has SSH_CONNECTION)", "log in as root, or let sudo keep it: Defaults env_keep += \"SSH_CONNECTION\"");
        }

        if (answers[question] is { IsSuccess: false, TimedOut: false, Status: not 127 } refusal)
        {
            return NotProven(answers, links, $"no route of this host leads back to {caller}: {HostSnapshot.FirstLine(refusal)}", "give the host a route to the machine that gives the commands");
        }

        if (RouteBack.Parse(answers[question]) is not { } route || InterfaceTable.Parse(answers[Interfaces]) is not { } interfaces)
        {
            return NotProven(answers, links, "routes or interfaces cannot be read", "install iproute2 with JSON output (5.0 or newer)");
        }

        var under = interfaces.Under(route.Device);
        foreach (var link in links)
        {
            if (new[] { link.Lan, link.Wan }.OfType<string>().FirstOrDefault(under.Contains) is { } crossed)
            {
                return answers.Bad(Name, $"the way back to {caller} leaves by {Way(route.Device, crossed)}, which is an end of link '{link.Name}'", "reach this host over another interface, or leave the link out");
            }
        }

        if (links.FirstOrDefault(l => l.Lan is null && l.Wan is null) is { } unmapped)
        {
            return NotProven(answers, [unmapped], $"link '{unmapped.Name}' does not say which interfaces it joins", "add 'lan' and 'wan' to the link");
        }

        if (links.Count > 0)
        {
            return answers.Ok(Name, $"the way back to {caller} leaves by {route.Device}, which no link of this host uses ({string.Join(", ", links.SelectMany(l => new[] { l.Lan, l.Wan }).OfType<string>())})");
        }

        return route.Gateway is null
            ? answers.Ok(Name, $"{caller} is on a network of this host's own ({route.Device})")
            : answers.Unknown(Name, $"the way back to {caller} leaves by {route.Device} through {route.Gateway}; whether a link lies behind it cannot be seen from here", "give the host a management network of its own, or go through a host beside it with 'jump'");
    }

    /// <summary>Where a link hangs on it, what is not proven is refused.</summary>
    private Finding NotProven(HostSnapshot answers, IReadOnlyList<LinkPlan> links, string why, string fix) =>
        links.Count > 0 ? answers.Bad(Name, $"not proven: {why}", fix) : answers.Unknown(Name, why, fix);

    private static string Way(string device, string crossed) => device == crossed ? device : $"{device}, over {crossed}";

    /// <summary>The kernel's own answer, rules and all, for just these two ends.</summary>
    private static ShellCommand? Route(HostSnapshot answers) =>
        Ends(answers) is var (caller, own) ? new ShellCommand("ip", "-json", "route", "get", caller.ToString(), "from", own.ToString()) : null;

    /// <summary>Who gives the commands and where they arrive, from the variable sshd sets: client, port, server, port.</summary>
    private static (IPAddress Caller, IPAddress Own)? Ends(HostSnapshot answers) =>
        answers.Line(Connection)?.Split(' ') is [var client, _, var server, ..] && Address(client) is { } caller && Address(server) is { } own ? (caller, own) : null;

    private static IPAddress? Address(string text) =>
        IPAddress.TryParse(text.Split('%')[0], out var address) ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) : null;
}
