using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>What <c>scenario</c> was asked to do.</summary>
internal sealed record ScenarioRequest
{
    public required RunPlan Plan { get; init; }

    /// <summary>The scenario file as found.</summary>
    public required string ScenarioFile { get; init; }

    public required string HostsFile { get; init; }

    /// <summary>Directory runs are kept in.</summary>
    public required string OutputRoot { get; init; }

    /// <summary>When the first run starts, ns since the Unix epoch; <see langword="null"/> as soon as it is armed.</summary>
    public long? StartAtNs { get; init; }

    /// <summary>How often; 1 or more.</summary>
    public required int Repeat { get; init; }

    /// <summary>Whether an embedded lab is left running afterwards.</summary>
    public required bool KeepLab { get; init; }

    /// <summary>Whether standard output carries <c>result.json</c> only.</summary>
    public required bool Json { get; init; }
}
