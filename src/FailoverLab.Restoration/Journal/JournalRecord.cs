namespace FailoverLab.Restoration;

/// <summary>One record of the journal of changes; what a kind does not need is absent.</summary>
public sealed record JournalRecord
{
    /// <summary>Its number in the journal, from 1 without gaps.</summary>
    public long Seq { get; init; }

    /// <summary>When it was written, ns since the Unix epoch, the runner's clock; for people.</summary>
    public long AtNs { get; init; }

    /// <summary>What it says.</summary>
    public required JournalRecordKind Kind { get; init; }

    /// <summary>The run's id, of <see cref="JournalRecordKind.Opened"/>.</summary>
    public string? Run { get; init; }

    /// <summary>The lab's name, of <see cref="JournalRecordKind.Opened"/>.</summary>
    public string? Lab { get; init; }

    /// <summary>Absolute path of the run directory, of <see cref="JournalRecordKind.Opened"/>.</summary>
    public string? Directory { get; init; }

    /// <summary>Absolute path of the hosts file in force, of <see cref="JournalRecordKind.Opened"/>.</summary>
    public string? HostsFile { get; init; }

    /// <summary>The host, of records about one.</summary>
    public string? Host { get; init; }

    /// <summary>How the host is reached, of <see cref="JournalRecordKind.Host"/>.</summary>
    public HostReach? Reach { get; init; }

    /// <summary>The change's number in this journal, from 1, of records about one.</summary>
    public int? Change { get; init; }

    /// <summary>What is to be changed and how to come back, of <see cref="JournalRecordKind.Intent"/>.</summary>
    public ChangeIntent? Intent { get; init; }

    /// <summary>The state as read: before, of <see cref="JournalRecordKind.Intent"/>; after, of <see cref="JournalRecordKind.Done"/>; now, of the kinds after it.</summary>
    public string? State { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Words { get; init; }
}
