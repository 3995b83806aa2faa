using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>The queue before a rate limit; without a rate it means nothing. Exactly one of the three limits is given.</summary>
public sealed record QueuePlan
{
    /// <summary>What holds where a file says nothing: 100 ms, tail drop.</summary>
    public static QueuePlan Default { get; } = new() { Time = TimeSpan.FromMilliseconds(100), IsDefault = true };

    /// <summary>Whether nobody asked for this queue: the default, or what became of it because the delay is longer. Absent in JSON where somebody did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDefault { get; init; }

    /// <summary>Most packets in the queue; 1 to 10,000,000.</summary>
    public int? Packets { get; init; }

    /// <summary>Most bytes of frame in the queue; 1,514 to 1,000,000,000.</summary>
    public long? Bytes { get; init; }

    /// <summary>Longest a packet may wait; above 0 s, at most 60 s.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Which packets are given up.</summary>
    public QueueDrop Drop { get; init; }

    /// <summary>CoDel: the wait it tolerates.</summary>
    public TimeSpan Target { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>CoDel: how long the wait may exceed <see cref="Target"/> before the first drop.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);
}
