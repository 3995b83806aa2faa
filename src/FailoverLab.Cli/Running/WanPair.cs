namespace FailoverLab.Cli;

/// <summary>Two interfaces that <c>wan</c> makes a link of.</summary>
/// <param name="Near">Interface on the near side: up is from here.</param>
/// <param name="Far">Interface on the far side.</param>
internal sealed record WanPair(string Near, string Far)
{
    /// <summary>Name of the link, by which fates are drawn: two links of one machine lose different packets, the same link the same ones again.</summary>
    public string Name => $"{Near}-{Far}";
}
