namespace FailoverLab.Linux;

/// <summary>Applies a script of nftables as one transaction: <c>nft -f -</c>.</summary>
public static class NftScript
{
    /// <summary>Applies it in the network namespace of the calling thread: all of it or nothing.</summary>
    /// <param name="lines">The script.</param>
    /// <returns>What nft complained of, as one line; empty when it was applied.</returns>
    public static string Run(params IEnumerable<string> lines) => BatchTool.Run("nft", ["-f", "-"], string.Join('\n', lines) + "\n", "nftables");
}
