namespace FailoverLab.Emulator;

/// <summary>Who is dropped when too much waits at the bottleneck. The limits of the queue hold in either.</summary>
public enum QueueDiscipline
{
    /// <summary>Those who find the queue full.</summary>
    TailDrop,

    /// <summary>Also those at its head, when the wait stays long (RFC 8289).</summary>
    CoDel,
}
