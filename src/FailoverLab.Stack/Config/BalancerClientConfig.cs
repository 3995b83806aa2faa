namespace FailoverLab.Stack;

/// <summary>Where the balancer is.</summary>
/// <param name="Url">Its base address, http or https.</param>
/// <param name="Interval">How often to ask it, or to report to it.</param>
public sealed record BalancerClientConfig(Uri Url, TimeSpan Interval)
{
    /// <summary>Bearer token shown to it; <see langword="null"/> shows none.</summary>
    public string? Token { get; init; }

    /// <summary>PEM file of the CAs its certificate may come from; <see langword="null"/> takes the system's.</summary>
    public string? CaPath { get; init; }

    /// <summary>Its address; never the token.</summary>
    public override string ToString() => Url.ToString();
}
