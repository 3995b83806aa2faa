using FailoverLab.EmbeddedLab;

namespace FailoverLab.Cli;

/// <summary>What <c>lab gauge</c> was asked to do.</summary>
internal sealed record GaugeRequest
{
    public required GaugePlan Plan { get; init; }

    /// <summary>Seed the cuts were drawn with.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where captures and result are kept; <see langword="null"/> removes them.</summary>
    public required string? Directory { get; init; }

    /// <summary>Whether standard output carries the JSON document only.</summary>
    public required bool Json { get; init; }
}
