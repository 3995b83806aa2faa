namespace FailoverLab.Hosts;

/// <summary>Whether private namespaces can be made, which the embedded lab is built of.</summary>
internal sealed class UserNamespacesCheck : IHostCheck
{
    private static readonly ShellCommand Trial = new("unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "true");

    public string Name => "namespaces";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => subject.HasEmbeddedLab ? [Trial] : [];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        if (!answers.Subject.HasEmbeddedLab)
        {
            yield break;
        }

        yield return answers[Trial] switch
        {
            { IsSuccess: true } => answers.Ok(Name, "user, network, mount and process namespaces can be made"),
            { Status: 127 } => answers.Bad(Name, "'unshare' is not there", "apt-get install util-linux"),
            { } refusal => answers.Bad(Name, $"they cannot be made: {HostSnapshot.FirstLine(refusal)}",
                "run with sudo, or allow them: sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000 (Ubuntu 24: also kernel.apparmor_restrict_unprivileged_userns=0)"),
            null => answers.Unanswered(Name, Trial),
        };
    }
}
