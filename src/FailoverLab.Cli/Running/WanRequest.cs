using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>What <c>wan</c> is asked to do.</summary>
internal sealed record WanRequest
{
    /// <summary>The links, at least one.</summary>
    public required IReadOnlyList<WanPair> Pairs { get; init; }

    /// <summary>Name of the profile, for the record.</summary>
    public required string Profile { get; init; }

    /// <summary>From near to far, every value set.</summary>
    public required LinkChange Up { get; init; }

    /// <summary>From far to near, every value set.</summary>
    public required LinkChange Down { get; init; }

    /// <summary>Seed of every packet's fate.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How long; <see langword="null"/> until a signal.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>File for each packet's fate; <see langword="null"/> for none.</summary>
    public string? Log { get; init; }

    /// <summary>Where lines come from that change the links while they run: a unix socket to be made, <c>-</c> for the standard input; <see langword="null"/> for nowhere.</summary>
    public string? Control { get; init; }

    /// <summary>Whether the figures are printed as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>The links as a hosts file would have them: what steps name, and what <c>restore</c> makes of each.</summary>
    public IReadOnlyList<LinkPlan> Plans =>
    [
        .. Pairs.Select(p => new LinkPlan
        {
            Name = p.Name, Path = p.Name, Driver = LinkDriver.Emulator, Host = "", Lan = p.Near, Wan = p.Far, Profile = Up, ProfileDown = Down == Up ? null : Down,
        }),
    ];
}
