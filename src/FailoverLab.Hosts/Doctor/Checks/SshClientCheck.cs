namespace FailoverLab.Hosts;

/// <summary>The OpenSSH client, which every remote host is reached by.</summary>
internal sealed class SshClientCheck : IHostCheck
{
    private static readonly ShellCommand Version = new("ssh", "-V");

    public string Name => "ssh client";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => subject.Remotes.Count > 0 ? [Version] : [];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        if (answers.Subject.Remotes.Count == 0)
        {
            yield break;
        }

        yield return answers[Version] switch
        {
            { Status: 127 } => answers.Bad(Name, "'ssh' is not there", "apt-get install openssh-client"),
            { IsSuccess: true } => Judge(answers, answers.Line(Version)!),
            _ => answers.Unanswered(Name, Version),
        };
    }

    private Finding Judge(HostSnapshot answers, string version)
    {
        // accept-new came with 7.6, SSH_ASKPASS_REQUIRE with 8.4.
        var digits = version.Split("OpenSSH_") is [_, var rest, ..] ? new string([.. rest.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]) : "";
        return !System.Version.TryParse(digits, out var number) ? answers.Unknown(Name, $"'{version}' does not say its version as OpenSSH does")
            : number < new Version(7, 6) ? answers.Bad(Name, version, "install OpenSSH 8.4 or newer: this one cannot add new host keys safely")
            : number < new Version(8, 4) ? answers.Note(Name, version, "passwords need OpenSSH 8.4 or newer; keys work")
            : answers.Ok(Name, version);
    }
}
