namespace FailoverLab.Hosts;

/// <summary>Whether the key of each remote host is known. A changed key is seen only when the host is called, by <c>hosts check</c>.</summary>
internal sealed class KnownHostsCheck : IHostCheck
{
    public string Name => "host keys";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => [.. subject.Remotes.Select(Find)];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        var remotes = answers.Subject.Remotes;
        if (remotes.Count == 0)
        {
            yield break;
        }

        if (remotes.FirstOrDefault(r => answers[Find(r)] is null or { Status: not (0 or 1 or 255) }) is { Host: not null } lost)
        {
            yield return answers.Unanswered(Name, Find(lost));
            yield break;
        }

        var fresh = remotes.Where(r => answers[Find(r)] is not { IsSuccess: true }).Select(r => r.Host).ToList();
        yield return fresh.Count == 0
            ? answers.Ok(Name, $"the keys of all {remotes.Count} hosts are known")
            : answers.Note(Name, $"not yet known, and added at the first login: {string.Join(", ", fresh.Take(8))}{(fresh.Count > 8 ? $" and {fresh.Count - 8} more" : "")}", "`failoverlab hosts check`, then compare the fingerprints");
    }

    private static ShellCommand Find((string Host, string KnownHosts) remote) => new("ssh-keygen", "-F", remote.Host, "-f", remote.KnownHosts);
}
