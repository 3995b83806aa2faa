namespace FailoverLab.Scenarios;

/// <summary>Which packets a queue gives up.</summary>
public enum QueueDrop
{
    /// <summary>Those that arrive while it is full.</summary>
    Tail,

    /// <summary>Those CoDel chooses (RFC 8289) when packets wait too long for too long; and those that arrive while it is full.</summary>
    Codel,
}
