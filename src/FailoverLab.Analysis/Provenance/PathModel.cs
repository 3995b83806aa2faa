namespace FailoverLab.Analysis;

/// <summary>What is known of one path as this flow uses it.</summary>
internal sealed class PathModel
{
    // What was counted as if it had been seen before the first packet.
    private const double PriorPackets = 20;
    private const double LeastMissed = 1e-5;
    private const double FewMissed = 0.02;
    private const int FewestPackets = 20;

    // Overheads by inner length modulo 16: constant for every padding whose block divides 16.
    private readonly int[] _overheads = new int[16];

    public PathModel() => Array.Fill(_overheads, -1);

    /// <summary>Whether the flow was ever found here.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Entry to capture.</summary>
    public DelayDensity In { get; } = new();

    /// <summary>Capture to exit.</summary>
    public DelayDensity Out { get; } = new();

    /// <summary>Share of packets sent here that never come out of the far end.</summary>
    public double Loss { get; private set; } = 0.02;

    /// <summary>Share of the lost that were still seen at the capture: near 1 for a capture before the loss, near 0 behind it.</summary>
    public double SeenThoughLost { get; private set; } = 0.5;

    /// <summary>Share of the delivered that the capture lacks.</summary>
    public double Missed { get; private set; } = LeastMissed;

    /// <summary>Share of packets sent here that were seen, whatever became of them.</summary>
    public double Visible { get; private set; } = 0.9;

    /// <summary>Overheads known so far.</summary>
    public IReadOnlyList<int> Overheads => [.. _overheads.Where(o => o >= 0).Distinct().Order()];

    /// <summary>Takes what a scan found.</summary>
    /// <param name="residue">Inner length modulo 16 it was found with.</param>
    /// <param name="trace">Entry to capture.</param>
    /// <param name="exit">Capture to exit; <see langword="null"/> when it did not show.</param>
    /// <param name="reachNs">Width of all transits thought possible, ns.</param>
    public void Found(int residue, TransitScan.Trace trace, TransitScan.Trace? exit, long reachNs)
    {
        _overheads[residue] = trace.Overhead;
        if (IsKnown)
        {
            // The path's delay has moved: both the old and the new are possible until packets say more.
            In.SetFlat(Math.Min(In.LowNs, trace.LowNs), Math.Max(In.HighNs, trace.HighNs), reachNs);
            if (exit is { } moved) Out.SetFlat(Math.Min(Out.LowNs, moved.LowNs), Math.Max(Out.HighNs, moved.HighNs), reachNs);
            return;
        }

        IsKnown = true;
        In.SetFlat(trace.LowNs, trace.HighNs, reachNs);
        if (exit is { } found) Out.SetFlat(found.LowNs, found.HighNs, reachNs);
        else Out.SetFlat(0, reachNs, reachNs);
    }

    /// <summary>Length of the packet that carries an inner packet; -1 while unknown.</summary>
    public int OuterLength(int size) => _overheads[size & 15] is >= 0 and var overhead ? size + overhead : -1;

    /// <summary>Whether the overhead of inner packets of this length class is known.</summary>
    public bool Knows(int residue) => _overheads[residue] >= 0;

    /// <summary>Learns <see cref="Loss"/>, <see cref="Missed"/> and <see cref="SeenThoughLost"/> from probes that this path alone carried.</summary>
    /// <param name="delivered">For each probe that came out its <see cref="PathCandidates.Hindsight"/>.</param>
    /// <param name="lost">The same for each that did not.</param>
    public void LearnAlone(ReadOnlySpan<double> delivered, ReadOnlySpan<double> lost)
    {
        var all = delivered.Length + lost.Length;
        Loss = Math.Clamp((lost.Length + (PriorPackets * Loss)) / (all + PriorPackets), 1e-4, 0.9);
        if (lost.Length >= FewestPackets) SeenThoughLost = Likeliest(lost);
        if (delivered.Length >= FewestPackets) Missed = 1 - Believed(Likeliest(delivered));
    }

    /// <summary>Learns <see cref="Visible"/> from all probes that this path carried, alone or not.</summary>
    /// <param name="carried">For each its <see cref="PathCandidates.Hindsight"/>.</param>
    public void LearnVisible(ReadOnlySpan<double> carried)
    {
        if (carried.Length >= FewestPackets) Visible = Believed(Likeliest(carried));
    }

    // A capture that lacks packets is rare, and a packet that left late looks like one it lacks: believe it only when it happens often.
    private static double Believed(double seen) => seen > 1 - FewMissed ? 1 - LeastMissed : seen;

    /// <summary>The share of packets seen with which the candidates are likeliest, by expectation and maximisation.</summary>
    private static double Likeliest(ReadOnlySpan<double> fit)
    {
        var share = 0.5;
        for (var round = 0; round < 40; round++)
        {
            var seen = 0.0;
            foreach (var value in fit) seen += share * value / ((share * value) + 1 - share);
            share = Math.Clamp(seen / fit.Length, LeastMissed, 1 - LeastMissed);
        }

        return share;
    }
}
