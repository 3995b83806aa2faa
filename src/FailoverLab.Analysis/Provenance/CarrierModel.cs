namespace FailoverLab.Analysis;

/// <summary>What is known of a flow's way through one opaque flow to one point.</summary>
internal sealed class CarrierModel
{
    // What was seen nearly always was seen always: a packet that left late looks like one the capture lacks.
    private const double NearlyAlways = 0.98;
    private const double Least = 1e-4;
    private const int FewestPackets = 20;

    // The flow may be sent twice from now on, or no more: what was learned must not rule that out.
    private const double LeastInShare = 0.15;
    private const double MostInShare = 0.995;
    private const double LeastSeenDelivered = 0.25;
    private const double FirstSeenDelivered = 0.5;
    private const double FirstSeenLost = 0.5;

    /// <summary>Bytes the tunnel adds; -1 until the flow was found.</summary>
    public int Overhead { get; private set; } = -1;

    /// <summary>Whether the flow was ever found here.</summary>
    public bool IsKnown => Overhead >= 0;

    /// <summary>Time from the sender's capture to the point.</summary>
    public DelayDensity In { get; } = new();

    /// <summary>Time from the point to the receiver's capture.</summary>
    public DelayDensity Out { get; } = new();

    /// <summary>Share of the delivered probes that <see cref="In"/> tells more about than <see cref="Out"/>. Before the jitter it is near 1; behind
    /// it near 0, but for second copies, for which the exit means nothing.</summary>
    public double InShare { get; private set; } = 1;

    /// <summary>Share of the delivered probes sent here that the point saw.</summary>
    public double SeenDelivered { get; private set; } = FirstSeenDelivered;

    /// <summary>Share of the lost ones: near 1 before the loss, near 0 behind it.</summary>
    public double SeenLost { get; private set; } = FirstSeenLost;

    /// <summary>Density of the times at which a probe is at the point, 1/s.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="stampNs">A time, ns since the Unix epoch.</param>
    public double DensityOf(in CodedProbe probe, long stampNs)
    {
        var density = In.At(stampNs - probe.EntryNs);
        return probe.IsDelivered && InShare < 1 ? (InShare * density) + ((1 - InShare) * Out.At(probe.ExitNs - stampNs)) : density;
    }

    /// <summary>How much of that is due to the time since the entry, 0..1.</summary>
    public double InPartOf(in CodedProbe probe, long stampNs)
    {
        // A little of both stays possible, or what is at 0 or 1 would stay there.
        var share = Math.Clamp(InShare, 0.01, 0.99);
        var byEntry = share * In.At(stampNs - probe.EntryNs);
        return byEntry / (byEntry + ((1 - share) * Out.At(probe.ExitNs - stampNs)));
    }

    /// <summary>Takes what a scan found.</summary>
    public void Found(TransitScan.Trace trace, long reachNs)
    {
        var wasKnown = IsKnown;
        Overhead = trace.Overhead;
        SeenDelivered = FirstSeenDelivered;
        if (wasKnown)
        {
            // The path's delay has moved: the old one and the new are both possible until packets say more.
            In.Widen(trace.LowNs, trace.HighNs);
            return;
        }

        In.SetFlat(trace.LowNs, trace.HighNs, reachNs);
        Out.SetFlat(0, reachNs, reachNs);
        InShare = 1;
    }

    /// <summary>What was found was none of the flow.</summary>
    public void Forget() => (Overhead, InShare, SeenDelivered, SeenLost) = (-1, 1, FirstSeenDelivered, FirstSeenLost);

    /// <summary>Learns delays from packets that were found.</summary>
    /// <param name="ins">Times to the point, ns; put in order.</param>
    /// <param name="outs">Times from it, ns, of the delivered; put in order.</param>
    /// <param name="inParts">Sum of <see cref="InPartOf"/> of the delivered.</param>
    public void LearnDelays(Span<long> ins, Span<long> outs, double inParts)
    {
        if (outs.Length >= DelayDensity.FewestSamples) InShare = Math.Clamp(inParts / outs.Length, LeastInShare, MostInShare);
        ins.Sort();
        outs.Sort();
        In.Learn(ins);
        Out.Learn(outs);
    }

    /// <summary>Learns how much the point sees.</summary>
    /// <param name="delivered">For every delivered probe sent here, how much likelier its candidates are as the probe than as other traffic.</param>
    /// <param name="lost">The same for the lost.</param>
    public void LearnSeen(ReadOnlySpan<double> delivered, ReadOnlySpan<double> lost)
    {
        if (delivered.Length >= FewestPackets) SeenDelivered = Likeliest(delivered) is var seen && seen > NearlyAlways ? 1 - Least : Math.Max(LeastSeenDelivered, seen);
        if (lost.Length >= FewestPackets) SeenLost = Likeliest(lost);
    }

    /// <summary>The share of packets seen with which the candidates are likeliest, by expectation and maximisation. Candidates that are mere
    /// chance average 1, and lead to 0.</summary>
    private static double Likeliest(ReadOnlySpan<double> ratios)
    {
        var share = 0.5;
        for (var round = 0; round < 40; round++)
        {
            var seen = 0.0;
            foreach (var ratio in ratios) seen += share * ratio / ((share * ratio) + 1 - share);
            share = Math.Clamp(seen / ratios.Length, Least, 1 - Least);
        }

        return share;
    }
}
