using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>A link of a real lab as its driver needs to know it.</summary>
public sealed record LinkDriverRequest
{
    /// <summary>The link's name.</summary>
    public required string Link { get; init; }

    /// <summary>The driver's name: one of <see cref="LinkDrivers.Names"/>.</summary>
    public required string Driver { get; init; }

    /// <summary>The host whose state is changed.</summary>
    public required string Host { get; init; }

    /// <summary>Interface towards the site; <see langword="null"/> where the driver needs none.</summary>
    public string? Lan { get; init; }

    /// <summary>Interface towards the far end; as <see cref="Lan"/>.</summary>
    public string? Wan { get; init; }

    /// <summary>The link when nothing is wrong, towards the far end.</summary>
    public LinkChange ProfileUp { get; init; } = LinkChange.Good;

    /// <summary>The link when nothing is wrong, towards the site.</summary>
    public LinkChange ProfileDown { get; init; } = LinkChange.Good;

    /// <summary>Seed of the driver's draws, where it takes one.</summary>
    public ulong? Seed { get; init; }
}
