using FailoverLab.Scenarios;

namespace FailoverLab.Hosts;

/// <summary>Whether the kernel has netem: tried on the loopback of a network namespace that ends with the trial, so nothing of the host is touched.</summary>
internal sealed class NetemCheck : IHostCheck
{
    private static readonly ShellCommand Trial = new("unshare", "-r", "-n", "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms");

    public string Name => "netem";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => [Trial];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        var isNeeded = answers.Subject.Links.Any(l => l.Driver == LinkDriver.Netem);
        yield return answers[Trial] switch
        {
            { IsSuccess: true } => answers.Ok(Name, "the kernel has it (tried in a namespace of its own)"),
            { TimedOut: false } refusal when IsAbsent(refusal.Error) => isNeeded
                ? answers.Bad(Name, "the kernel has no netem, and a link of this host needs it", "modprobe sch_netem; where the kernel was built without it, write 'driver: nft'")
                : answers.Note(Name, "the kernel has no netem; no link of this host needs it"),
            null => answers.Unanswered(Name, Trial),
            var refusal => answers.Unknown(Name, $"it cannot be tried: {HostSnapshot.FirstLine(refusal)}", isNeeded ? "try it as root: modprobe sch_netem && lsmod | grep netem" : null),
        };
    }

    private static bool IsAbsent(string error) =>
        error.Contains("qdisc kind is unknown", StringComparison.Ordinal) || error.Contains("No such file or directory", StringComparison.Ordinal) && error.Contains("RTNETLINK", StringComparison.Ordinal);
}
