namespace FailoverLab.Hosts;

/// <summary>Whether the TUN device can be used, which the failover stack reads and writes packets by.</summary>
internal sealed class TunCheck : IHostCheck
{
    private const string Device = "/dev/net/tun";
    private static readonly ShellCommand Exists = new("test", "-c", Device);
    private static readonly ShellCommand Readable = new("test", "-r", Device);
    private static readonly ShellCommand Writable = new("test", "-w", Device);

    public string Name => "tun";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => subject.HasEmbeddedLab ? [Exists, Readable, Writable] : [];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        if (!answers.Subject.HasEmbeddedLab)
        {
            yield break;
        }

        yield return (answers[Exists], answers[Readable], answers[Writable]) switch
        {
            ({ IsSuccess: true }, { IsSuccess: true }, { IsSuccess: true }) => answers.Ok(Name, $"{Device} can be read and written"),
            ({ IsSuccess: true }, { Status: 1 }, _) or ({ IsSuccess: true }, _, { Status: 1 }) => answers.Bad(Name, $"{Device} is there, but not for this user", $"chmod 0666 {Device}, as most distributions have it, or run with sudo"),
            ({ Status: 1 }, _, _) => answers.Bad(Name, $"{Device} is missing", "modprobe tun"),
            _ => answers.Unanswered(Name, Exists),
        };
    }
}
