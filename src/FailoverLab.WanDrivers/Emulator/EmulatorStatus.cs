namespace FailoverLab.WanDrivers;

/// <summary>What an emulator says of its link.</summary>
internal sealed record EmulatorStatus
{
    /// <summary>Whether it forwards.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>Why it does not; <see langword="null"/> where nothing is told.</summary>
    public required string? Failure { get; init; }

    /// <summary>What it was asked towards the far end, in words.</summary>
    public required string UpAsked { get; init; }

    /// <summary>The same towards the site.</summary>
    public required string DownAsked { get; init; }

    /// <summary>Where what it does is not what it was asked, in words.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>The last changes.</summary>
    public required IReadOnlyList<EmulatorChange> Changes { get; init; }
}
