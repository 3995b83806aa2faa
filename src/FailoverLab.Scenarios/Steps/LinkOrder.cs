namespace FailoverLab.Scenarios;

/// <summary>What a line tells running links. Exactly one of the things it may say is there.</summary>
public sealed record LinkOrder
{
    /// <summary>When the changes take effect, CLOCK_REALTIME ns; <see langword="null"/> is at once.</summary>
    public long? AtNs { get; init; }

    /// <summary>Changes of links, all for one instant; empty when the line says something else.</summary>
    public IReadOnlyList<LinkChangeStep> Changes { get; init; } = [];

    /// <summary>Links whose state is asked for; empty when none is.</summary>
    public IReadOnlyList<string> Status { get; init; } = [];

    /// <summary>Number of a change that is not to be made; <see langword="null"/> for none.</summary>
    public int? CallOff { get; init; }

    /// <summary>Whether all links are to end.</summary>
    public bool Ends { get; init; }
}
