namespace FailoverLab.Restoration;

/// <summary>What a record of the journal says.</summary>
public enum JournalRecordKind
{
    /// <summary>A run begins: its id, lab, and where its directory is.</summary>
    Opened,

    /// <summary>A host is armed: how it is reached, and where it keeps its own part.</summary>
    Host,

    /// <summary>A change is about to be made; nothing of it has happened yet.</summary>
    Intent,

    /// <summary>A change already known is about to be changed again.</summary>
    Again,

    /// <summary>The change was made; what was read back.</summary>
    Done,

    /// <summary>The change was undone and the state before was read back.</summary>
    Restored,

    /// <summary>Somebody else changed it meanwhile; it was left alone.</summary>
    Foreign,

    /// <summary>It could not be undone.</summary>
    Failed,

    /// <summary>The host could not be asked; nothing is known.</summary>
    Unreachable,

    /// <summary>Nothing is left to undo; the run is over.</summary>
    Closed,
}
