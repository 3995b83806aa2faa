namespace FailoverLab.Hosts;

/// <summary>
/// A link's state before a run and how to come back to it, for a journal: whoever finds it can put the link back with a shell alone. Data only;
/// goes through JSON unchanged.
/// </summary>
public sealed record LinkSnapshot
{
    /// <summary>The link's name in the plan.</summary>
    public required string Link { get; init; }

    /// <summary>The host whose state this is and where the commands are run.</summary>
    public required string Host { get; init; }

    /// <summary>The driver that took it, see <see cref="ILinkDriver.Kind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The literal commands that put the link back, in order. Each may be run again, and may fail because there is nothing left to undo: the checks decide.</summary>
    public required IReadOnlyList<ShellCommand> Undo { get; init; }

    /// <summary>How it is proved that the link is back.</summary>
    public required IReadOnlyList<LinkCheck> Checks { get; init; }

    /// <summary>The state in words, for people: <c>ens18: kernel default; ens19: kernel default</c>.</summary>
    public required string Words { get; init; }

    /// <summary>
    /// Whether settings of somebody else act on packets there, or what acts cannot be read: what a change makes of the link is then not known. Not asked of
    /// a link that has nothing but a plug, nor of one that is taken over.
    /// </summary>
    public bool IsUnknown { get; init; }

    /// <summary>What the driver itself needs to come back, in its own form; empty when the commands are all.</summary>
    public string State { get; init; } = "";
}
