namespace FailoverLab.Restoration;

/// <summary>How a run gave its lab back.</summary>
/// <param name="Hosts">Each host it had changed or armed.</param>
public sealed record RestorationOutcome(IReadOnlyList<HostRestoration> Hosts)
{
    /// <summary>Whether every host is as it was found.</summary>
    public bool IsRestored => Hosts.All(h => h.IsRestored);

    /// <summary>What is left to do by hand, as lines; empty when all is well.</summary>
    public IReadOnlyList<string> Left => [.. Hosts.SelectMany(LeftText.Of)];
}
