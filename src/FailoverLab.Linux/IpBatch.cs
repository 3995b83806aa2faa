namespace FailoverLab.Linux;

/// <summary>Runs many iproute2 commands in one process: <c>ip -batch -</c>.</summary>
public static class IpBatch
{
    /// <summary>Runs the commands in order, in the network namespace of the calling thread or in one with a name.</summary>
    /// <param name="commands">Commands without the leading <c>ip</c>; none is nothing to do.</param>
    /// <param name="node">Name of a namespace below <c>/run/netns</c>; <see langword="null"/> stays in the caller's.</param>
    /// <param name="keepGoing">Whether the commands after one that failed are still run.</param>
    /// <returns>What iproute2 complained of, as one line; empty when every command was carried out.</returns>
    public static string Run(IReadOnlyCollection<string> commands, string? node = null, bool keepGoing = false)
    {
        if (commands.Count == 0)
        {
            return "";
        }

        string[] inside = node is null ? [] : ["-netns", node];
        string[] going = keepGoing ? ["-force"] : [];
        return BatchTool.Run("ip", [.. inside, .. going, "-batch", "-"], string.Join('\n', commands) + "\n", "iproute2");
    }
}
