namespace FailoverLab.Results;


/// <summary>The packets around one gap: sequence number, send time, arrival and path. All arrays have one length.</summary>
public sealed record GapDetail
{
    /// <summary>Sequence numbers, ascending.</summary>
    public required IReadOnlyList<long> Sequence { get; init; }

    /// <summary>Send times, ns since the Unix epoch.</summary>
    public required IReadOnlyList<long> SentNs { get; init; }

    /// <summary>Arrival times, ns since the Unix epoch; 0 for a lost packet. Figures only.</summary>
    public required IReadOnlyList<long> ReceivedNs { get; init; }

    /// <summary>Index into <see cref="RunResult.Paths"/>; -1 where unknown.</summary>
    public required IReadOnlyList<int> Path { get; init; }
}
