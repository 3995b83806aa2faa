namespace FailoverLab.Hosts;

/// <summary>Which of the tools a lab makes use of are there; asked in one go, for <c>hosts check</c>.</summary>
internal sealed class ToolListCheck : IHostCheck
{
    private static readonly string[] Tools = ["tc", "nft", "ip", "dumpcap", "tcpdump", "iperf3", "sha256sum"];

    /// <summary>The script is fixed; the names are its arguments.</summary>
    private static readonly ShellCommand List = new(["sh", "-c", "for t; do command -v \"$t\" >/dev/null && echo \"$t\"; done; :", "sh", .. Tools]);

    public string Name => "tools";

    public IReadOnlyList<ShellCommand> Questions(HostSubject subject) => [List];

    public IEnumerable<Finding> Judge(HostSnapshot answers)
    {
        if (answers[List] is not { IsSuccess: true } answer)
        {
            yield return answers.Unanswered(Name, List);
            yield break;
        }

        var there = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var missing = Tools.Except(there).ToList();
        yield return answers.Ok(Name, $"{string.Join(' ', Tools.Intersect(there))}{(missing.Count > 0 ? $" (not: {string.Join(' ', missing)})" : "")}".Trim());
    }
}
