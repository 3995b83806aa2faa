using System.Text.Json.Serialization;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>What is about to be changed, and how to come back from it. Data only; goes through JSON unchanged.</summary>
public sealed record ChangeIntent
{
    /// <summary>The host that is changed, as the plan names it; the commands are run there.</summary>
    public required string Host { get; init; }

    /// <summary>What kind of change it is: <c>shell</c>, or the link driver's name. Chooses who undoes it, see <see cref="IUndoer"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What is changed, one thing of that host: a link's name, a file. Changes of one target share the first one's snapshot.</summary>
    public required string Target { get; init; }

    /// <summary>The change in words, for people.</summary>
    public string Words { get; init; } = "";

    /// <summary>The literal commands that put it back, in order. Each may fail because there is nothing left to undo: the checks decide.</summary>
    public required IReadOnlyList<ShellCommand> Undo { get; init; }

    /// <summary>
    /// The commands that read the state, at least one where the guard is to undo; <see cref="LinkCheck.Expected"/> is the state before. A command that fails
    /// is a state too (<c>No such device</c>): its status is part of what is read.
    /// </summary>
    public required IReadOnlyList<LinkCheck> Checks { get; init; }

    /// <summary>What a driver needs to come back, in its own form; empty when the commands are all.</summary>
    public string State { get; init; } = "";

    /// <summary>Whether a guard on the host can undo it: there are commands for it, and it can be proved.</summary>
    [JsonIgnore]
    public bool IsForGuard => Undo.Count > 0 && Checks.Count > 0;

    /// <summary>Whether a guard on the host holds its undo; filled in by the guard.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>A change to a link, from its driver's snapshot.</summary>
    /// <param name="snapshot">The link's state before the run.</param>
    public static ChangeIntent Of(LinkSnapshot snapshot) => new()
    {
        Host = snapshot.Host,
        Kind = snapshot.Kind,
        Target = snapshot.Link,
        Words = snapshot.Words,
        Undo = snapshot.Undo,
        Checks = snapshot.Checks,
        State = snapshot.State,
    };

    /// <summary>The driver's snapshot again.</summary>
    public LinkSnapshot ToSnapshot() => new() { Link = Target, Host = Host, Kind = Kind, Undo = Undo, Checks = Checks, Words = Words, State = State };
}
