using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>The marks of a failover and the stretches that end at them, in words.</summary>
public static class MarkWords
{
    /// <summary>The mark itself: <c>detected</c>.</summary>
    public static string Mark(AnatomyMarkKind mark) => mark switch
    {
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
    public static string Stretch(AnatomyMarkKind end) => end switch
    {
        AnatomyMarkKind.Fault => "before the fault",
        AnatomyMarkKind.LastGood => "packets in flight",
        AnatomyMarkKind.MissedKeepalive => "until a keepalive was missed",
        AnatomyMarkKind.Detected => "detection",
        AnatomyMarkKind.Decided => "decision",
        AnatomyMarkKind.Commanded => "telling the far end",
        AnatomyMarkKind.FirstOnNewPath => "first packet over the new path",
        AnatomyMarkKind.ReverseMoved => "other direction following",
        AnatomyMarkKind.Recovered => "last flow coming back",
        AnatomyMarkKind.Sustained => "proving it holds",
        _ => end.ToString(),
    };
}
