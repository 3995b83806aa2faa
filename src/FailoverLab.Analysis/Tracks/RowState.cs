namespace FailoverLab.Analysis;

/// <summary>What is known of one packet of a sequenced flow.</summary>
[Flags]
internal enum RowState : byte
{
    /// <summary>Nothing yet: its number lies between others.</summary>
    None = 0,

    /// <summary>Seen at the sender.</summary>
    Sent = 1,

    /// <summary>Seen at the receiver.</summary>
    Received = 2,

    /// <summary>Settled as lost.</summary>
    Lost = 4,
}
