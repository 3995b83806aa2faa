using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Whether the host has what the drivers of its links call.</summary>
internal sealed class LinkToolsCheck : IHostCheck
{
    private static readonly ShellCommand Tc = new("tc", "-V");
    private static readonly ShellCommand Nft = new("nft", "--version");

    public string Name => "link tools";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) =>
        [Tc, Nft, .. subject.Links.Select(Serial).OfType<ShellCommand>(), .. subject.Links.SelectMany(Interfaces)];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        var drivers = answers.Subject.Links.Select(l => l.Driver).ToHashSet();
        yield return Tool(answers, Tc, "iproute2", drivers.Contains(LinkDriver.Netem) || drivers.Contains(LinkDriver.Nft));
        yield return Tool(answers, Nft, "nftables", drivers.Contains(LinkDriver.Nft) || drivers.Contains(LinkDriver.Emulator));
        foreach (var link in answers.Subject.Links)
        {
            foreach (var question in Interfaces(link).Where(q => answers[q] is { IsSuccess: false, Status: not 127 }))
            {
                yield return answers.Bad(Name, $"link '{link.Name}': there is no interface '{question.Arguments[^1]}'", "correct 'lan' and 'wan' in the link map; `ip -br link` lists what there is");
            }

            if (Serial(link) is { } serial && answers[serial] is { } seen)
            {
                yield return seen.IsSuccess
                    ? answers.Ok(Name, $"link '{link.Name}': serial line {link.Serial}")
                    : answers.Bad(Name, $"link '{link.Name}': there is no socket {link.Serial}", $"give the machine a serial line and start it: qm set {link.VmId} -serial0 socket && qm start {link.VmId}");
            }
        }
    }

    private Finding Tool(HostSnapshot answers, ShellCommand question, string package, bool isNeeded) => answers[question] switch
    {
        { IsSuccess: true } => answers.Ok(Name, answers.Line(question)!),
        { Status: 127 } when isNeeded => answers.Bad(Name, $"'{question.Arguments[0]}' is not there, and a link of this host needs it", $"install {package} (Debian: apt-get install {package})"),
        { Status: 127 } => answers.Ok(Name, $"'{question.Arguments[0]}' is not there; no link of this host needs it"),
        _ => answers.Unanswered(Name, question),
    };

    private static ShellCommand? Serial(LinkPlan link) => link is { Driver: LinkDriver.Wanulator, Serial: { } serial } ? new("test", "-S", serial) : null;

    private static IEnumerable<ShellCommand> Interfaces(LinkPlan link) => new[] { link.Lan, link.Wan }.OfType<string>().Select(i => new ShellCommand("ip", "link", "show", "dev", i));
}
