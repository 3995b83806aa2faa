namespace FailoverLab.Hosts;

/// <summary>Whether packets can be captured, by which tool and by whose leave.</summary>
internal sealed class CaptureCheck : IHostCheck
{
    private static readonly ShellCommand User = new("id", "-u");
    private static readonly ShellCommand Dumpcap = new("dumpcap", "--version");
    private static readonly ShellCommand Tcpdump = new("tcpdump", "--version");
    private static readonly ShellCommand Interfaces = new("dumpcap", "-D", "-M");

    public string Name => "captures";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => subject is { IsHere: true, HasEmbeddedLab: true, Links.Count: 0 } ? [] : [User, Dumpcap, Tcpdump, Interfaces];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        if (Questions(answers.Subject).Count == 0)
        {
            yield return answers.Ok(Name, "the embedded lab captures in its own namespaces, where it needs nobody's leave");
            yield break;
        }

        if (answers[User] is not { IsSuccess: true })
        {
            yield return answers.Unanswered(Name, User);
            yield break;
        }

        var isRoot = answers.Line(User) == "0";
        var hasDumpcap = answers[Dumpcap] is { Status: not 127 };
        var hasTcpdump = answers[Tcpdump] is { Status: not 127 };
        yield return (hasDumpcap, hasTcpdump) switch
        {
            (false, false) => answers.Note(Name, "neither dumpcap nor tcpdump is there, so nothing can be captured on this host", "apt-get install wireshark-common or tcpdump"),
            (true, _) when isRoot || answers[Interfaces] is { IsSuccess: true, Output.Length: > 0 } => answers.Ok(Name, $"{answers.Line(Dumpcap) ?? "dumpcap"}{(isRoot ? ", as root" : ", allowed for this user")}"),
            (false, true) when isRoot => answers.Ok(Name, $"{answers.Line(Tcpdump) ?? "tcpdump"}, as root; with a full disk tcpdump says nothing, so every file is counted again"),
            (true, _) => answers.Note(Name, "dumpcap is there, but this user may not capture", "usermod -a -G wireshark USER, or 'sudo: true' in the hosts file"),
            _ => answers.Note(Name, "tcpdump is there, but this user is not root", "'sudo: true' in the hosts file"),
        };
    }
}
