namespace FailoverLab.Scenarios;

/// <summary>A link's behaviour by name, from a profile file.</summary>
public sealed record LinkProfile
{
    /// <summary>Its name; the file's, without the ending.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Description { get; init; }

    /// <summary>Where its values come from.</summary>
    public required string Source { get; init; }

    /// <summary>The file, as the person gave it.</summary>
    public required string File { get; init; }

    /// <summary>From the site towards the far end; every value set, but the carrier, which no profile touches.</summary>
    public required LinkChange Up { get; init; }

    /// <summary>From the far end towards the site; every value set, but the carrier.</summary>
    public required LinkChange Down { get; init; }
}
