using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>A silence of one flow in which packets were lost, with what surrounds it.</summary>
internal sealed record Silence
{
    /// <summary>Last packet delivered before; absent where none was.</summary>
    public required Arrival? Before { get; init; }

    /// <summary>First packet delivered after; absent where none was.</summary>
    public required Arrival? After { get; init; }

    /// <summary>Packets lost between.</summary>
    public required int Lost { get; init; }

    /// <summary>Send time of the first lost packet, ns since the Unix epoch; <see cref="RowWindow.Missing"/> = unknown.</summary>
    public long FirstLostNs { get; init; } = RowWindow.Missing;

    /// <summary>Send time of the packet before the first lost one.</summary>
    public long LastGoodNs { get; init; }

    /// <summary>Send time of the last lost packet.</summary>
    public long LastLostNs { get; init; }

    /// <summary>Send time of the packet after the last lost one.</summary>
    public long FirstGoodNs { get; init; }

    /// <summary>Loss ratio around it, the worse of before and after.</summary>
    public double LossRatio { get; set; }

    /// <summary>Range of the delays around it, the greater of before and after, ns.</summary>
    public long DelayVariationNs { get; set; }

    /// <summary>How much longer than usual on its path the last delivery before took, ns; below 0 for less.</summary>
    public long BeforeLateNs { get; init; }

    /// <summary>The same of the first after.</summary>
    public long AfterLateNs { get; init; }

    /// <summary>The packets around it; absent where they are not wanted.</summary>
    public GapDetail? Detail { get; set; }
}
