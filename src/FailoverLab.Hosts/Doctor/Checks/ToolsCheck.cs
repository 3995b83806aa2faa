namespace FailoverLab.Hosts;

/// <summary>Versions of iproute2, and whether the tools every host needs are there.</summary>
internal sealed class ToolsCheck : IHostCheck
{
    private static readonly ShellCommand Ip = new("ip", "-V");
    private static readonly ShellCommand Sum = new("sha256sum", "--version");

    public string Name => "tools";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => [Ip, Sum];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        yield return answers[Ip] switch
        {
            { IsSuccess: true } => answers.Ok(Name, answers.Line(Ip)!),
            { Status: 127 } => answers.Bad(Name, "'ip' is not there", "install iproute2 (Debian: apt-get install iproute2)"),
            _ => answers.Unanswered(Name, Ip),
        };
        // busybox has the program and no --version: that it is there is enough.
        if (!answers.Subject.IsHere && answers[Sum] is { Status: 127 })
        {
            yield return answers.Note(Name, "'sha256sum' is not there, so files fetched from this host are not checked", "install coreutils or busybox");
        }
    }
}
