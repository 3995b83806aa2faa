using FailoverLab.Emulator;

namespace FailoverLab.Cli;

/// <summary>What <c>wan</c> is asked to do.</summary>
internal sealed record WanRequest
{
    /// <summary>Interface on the near side.</summary>
    public required string Near { get; init; }

    /// <summary>Interface on the far side.</summary>
    public required string Far { get; init; }

    /// <summary>Name of the link, by which fates are drawn: two links of one machine lose different packets, the same link the same ones again.</summary>
    public string Name => $"{Near}-{Far}";

    /// <summary>Name of the profile, for the record.</summary>
    public required string Profile { get; init; }

    /// <summary>From near to far.</summary>
    public required LinkImpairments Up { get; init; }

    /// <summary>From far to near.</summary>
    public required LinkImpairments Down { get; init; }

    /// <summary>Seed of every packet's fate.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How long; <see langword="null"/> until a signal.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>File for each packet's fate; <see langword="null"/> for none.</summary>
    public string? Log { get; init; }

    /// <summary>Whether the figures are printed as JSON.</summary>
    public bool Json { get; init; }
}
