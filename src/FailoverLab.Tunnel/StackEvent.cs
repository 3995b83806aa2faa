namespace FailoverLab.Tunnel;

/// <summary>Something the failover stack did or noticed, for its event log. What does not apply is <see langword="null"/>.</summary>
/// <param name="Name">One of <see cref="StackEventNames"/>.</param>
/// <param name="AtNs">CLOCK_REALTIME, ns since the Unix epoch.</param>
public sealed record StackEvent(string Name, long AtNs)
{
    /// <summary>Path (WAN) concerned, by its configured name.</summary>
    public string? Path { get; init; }

    /// <summary>Path left.</summary>
    public string? FromPath { get; init; }

    /// <summary>Path taken.</summary>
    public string? ToPath { get; init; }

    /// <summary>Router concerned.</summary>
    public string? Router { get; init; }

    /// <summary>Router left.</summary>
    public string? FromRouter { get; init; }

    /// <summary>Router taken.</summary>
    public string? ToRouter { get; init; }

    /// <summary>Endpoint concerned.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>Id shared by all events of one switch, on both sides.</summary>
    public string? Correlation { get; init; }

    /// <summary>Measured values or other detail, in words.</summary>
    public string? Detail { get; init; }
}
