using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The marks of a failover and the stretches that end at them, in words.</summary>
public static class MarkWords
{
    /// <summary>The mark itself: <c>detected</c>.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="kind">A reversion starts with a restore where a failover starts with a fault.</param>
    public static string Mark(AnatomyMarkKind mark, FailoverKind kind = FailoverKind.Failover) => mark switch
    {
        AnatomyMarkKind.Fault when kind == FailoverKind.Reversion => "restore",
        AnatomyMarkKind.Fault => "fault",
        AnatomyMarkKind.LastGood => "last packet on the old path",
        AnatomyMarkKind.MissedKeepalive => "first keepalive missed",
        AnatomyMarkKind.Detected => "detected",
        AnatomyMarkKind.Decided => "new path chosen",
        AnatomyMarkKind.Commanded => "far end told",
        AnatomyMarkKind.FirstOnNewPath => "first packet on the new path",
        AnatomyMarkKind.ReverseMoved => "other direction moved",
        AnatomyMarkKind.Recovered => "all flows forwarded again",
        AnatomyMarkKind.Sustained => "recovery held",
        _ => mark.ToString(),
    };

    /// <summary>What the time before the mark was spent on: <c>detection</c>.</summary>
    /// <param name="end">The mark.</param>
    /// <param name="kind">A reversion waits where a failover detects.</param>
    public static string Stretch(AnatomyMarkKind end, FailoverKind kind = FailoverKind.Failover) => end switch
    {
        AnatomyMarkKind.Fault => "before the fault",
        AnatomyMarkKind.LastGood => "the old path draining",
        AnatomyMarkKind.MissedKeepalive => "waiting for a keepalive",
        AnatomyMarkKind.Detected when kind == FailoverKind.Reversion => "waiting until the path is trusted",
        AnatomyMarkKind.Detected => "detection",
        AnatomyMarkKind.Decided => "decision",
        AnatomyMarkKind.Commanded => "telling the far end",
        AnatomyMarkKind.FirstOnNewPath => "crossing the new path",
        AnatomyMarkKind.ReverseMoved => "moving the other direction",
        AnatomyMarkKind.Recovered => "waiting for the last flow",
        AnatomyMarkKind.Sustained => "proving it holds",
        _ => end.ToString(),
    };
}
