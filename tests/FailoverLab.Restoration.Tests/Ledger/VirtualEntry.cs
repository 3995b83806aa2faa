namespace FailoverLab.Restoration.Tests;

/// <summary>What a virtual host keeps of one change.</summary>
internal sealed class VirtualEntry
{
    public string? After { get; set; }

    public bool IsActing { get; set; } = true;

    public UndoOutcome Result { get; set; }

    /// <summary>Times the undo will fail yet.</summary>
    public int FailuresLeft { get; set; }

    /// <summary>Times the undo commands were run.</summary>
    public int Undos { get; set; }

    /// <summary>Times the state before was brought back.</summary>
    public int Restorations { get; set; }
}
