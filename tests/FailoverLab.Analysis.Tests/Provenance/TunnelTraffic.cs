using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Analysis.Tests;

/// <summary>
/// A coded flow through an encrypting tunnel end over several lossy paths full of other traffic, made from a seed, with the truth of which
/// path each probe was on.
/// </summary>
internal sealed class TunnelTraffic
{
    private const long Us = 1_000;
    private const long Ms = 1_000_000;
    private const uint Flow = 1;
    private const uint OtherFlow = 2;
    private readonly SeededRandom _random;
    private readonly List<(long StampNs, int Length)>[] _packets;

    public TunnelTraffic(ulong seed) => (_random, _packets) = (new SeededRandom(seed), [[], [], []]);

    public TunnelKind Tunnel { get; init; } = TunnelKind.All[0];

    public int Probes { get; init; } = 20_000;

    public long IntervalNs { get; init; } = Ms;

    /// <summary>Share of packets that each path loses at random.</summary>
    public double Loss { get; init; } = 0.05;

    /// <summary>Other traffic on each path, bit/s.</summary>
    public double CrossBitsPerSecond { get; init; } = 20e6;

    /// <summary>Share of packets at which the tunnel end is held up for up to 8 ms.</summary>
    public double StallShare { get; init; } = 0.0002;

    /// <summary>Captures behind the lossy link instead of before it.</summary>
    public bool IsFar { get; init; }

    /// <summary>One-way delay of each path, ns.</summary>
    public long[] DelayNs { get; init; } = [20 * Ms, 35 * Ms, 28 * Ms];

    /// <summary>Uniform addition to the delay, order kept, ns.</summary>
    public long JitterNs { get; init; } = 4 * Ms;

    /// <summary>Largest lead of each path's clock, ns.</summary>
    public long ClockBoundNs { get; init; }

    /// <summary>Mean time between two changes of the carrying paths, ns.</summary>
    public long MeanStayNs { get; init; } = 2_000 * Ms;

    /// <summary>Share of changes to two paths at once.</summary>
    public double DuplicatingShare { get; init; } = 0.25;

    /// <summary>Silence of the old path before a change: what makes a failover.</summary>
    public long BlackoutNs { get; init; } = 60 * Ms;

    /// <summary>Whether the flow's sizes follow the code; all are as large as the middle symbol without.</summary>
    public bool IsCoded { get; init; } = true;

    /// <summary>Whether a capture at the far end tells which probes came out.</summary>
    public bool HasExits { get; init; } = true;

    /// <summary>Share of packets the paths' captures lack.</summary>
    public double CaptureDrops { get; init; }

    /// <summary>Carrying paths of a probe, in place of changes at random times.</summary>
    public Func<int, uint>? Policy { get; init; }

    public List<ProbePassage> Passages { get; } = [];

    /// <summary>Paths each probe was seen on, as bits.</summary>
    public List<uint> Truth { get; } = [];

    /// <summary>Numbers of the first probes that other paths carried.</summary>
    public HashSet<int> Changes { get; } = [];

    public TunnelTraffic Generate()
    {
        var lead = _packets.Select(_ => ClockBoundNs == 0 ? 0 : (long)((_random.NextDouble() - 0.5) * ClockBoundNs)).ToArray();
        var carrying = CarryingPaths();
        var busyUntil = 0L;
        var lastOut = new long[_packets.Length];
        for (var i = 0; i < Probes; i++)
        {
            var entry = (1000 * Ms) + (i * IntervalNs) + _random.Next(30_000);
            Cross(OtherFlow, i, entry + (IntervalNs / 2) - 15_000, carrying[i], lead);
            var size = 28 + (IsCoded ? ProbeSizeCode.PayloadSize(Flow, (ulong)i) : ProbeSizeCode.SmallestPayload + (8 * ProbeSizeCode.Step));
            var sentAt = Math.Max(busyUntil, entry + Processing());
            busyUntil = sentAt + (2 * Us);
            var (seen, exit) = (0u, ProbePassage.Lost);
            for (var k = 0; k < _packets.Length; k++)
            {
                if ((carrying[i] >> k & 1) == 0) continue;
                var at = sentAt + (k * 3 * Us);
                var isLost = _random.NextDouble() < Loss || IsDead(i, k, carrying);
                lastOut[k] = Math.Max(lastOut[k] + 1, at + DelayNs[k] + _random.Next((int)JitterNs + 1));
                var out0 = lastOut[k];
                if (!isLost) exit = exit == ProbePassage.Lost ? out0 + (30 * Us) : Math.Min(exit, out0 + (30 * Us));
                if ((IsFar && isLost) || _random.NextDouble() < CaptureDrops) continue;
                _packets[k].Add(((IsFar ? out0 : at) + lead[k], Tunnel.OuterLength(size)));
                seen |= 1u << k;
            }

            Passages.Add(new ProbePassage(i, entry, size, HasExits ? exit : ProbePassage.Lost));
            Truth.Add(seen);
        }

        for (var k = 0; k < _packets.Length; k++) AddCross(k, lead[k]);
        foreach (var packets in _packets) packets.Sort();
        return this;
    }

    /// <summary>Runs a matcher over it as a streaming reader would: packets as time goes on, a probe once all that could be it is in.</summary>
    public (List<ProbeProvenance> Result, ProvenanceMatcher Matcher) Match(ProvenanceOptions? options = null)
    {
        options ??= new ProvenanceOptions { ClockBoundNs = ClockBoundNs, LongestTransitNs = 200 * Ms, HasExits = HasExits };
        var result = new List<ProbeProvenance>();
        var matcher = new ProvenanceMatcher(_packets.Length, options, result.Add);
        var next = new int[_packets.Length];
        foreach (var passage in Passages)
        {
            for (var k = 0; k < _packets.Length; k++)
            {
                for (; next[k] < _packets[k].Count && _packets[k][next[k]].StampNs <= passage.EntryNs + options.LongestTransitNs + options.ClockBoundNs; next[k]++)
                {
                    matcher.AddPacket(k, _packets[k][next[k]].StampNs, _packets[k][next[k]].Length);
                }
            }

            matcher.AddProbe(passage);
        }

        matcher.Finish();
        return (result, matcher);
    }

    public Score Judge(IReadOnlyList<ProbeProvenance> result)
    {
        Assert.That(result.Select(r => r.Sequence), Is.EqualTo(Enumerable.Range(0, Probes)));
        var right = result.Count(r => r.IsCertain && r.Seen == Truth[(int)r.Sequence]);
        var wrong = result.Where(r => r.IsCertain && r.Seen != Truth[(int)r.Sequence]).Select(r => (int)r.Sequence).ToList();
        var near = Changes.SelectMany(c => (int[])[c - 1, c, c + 1]).Where(c => c < Probes).ToHashSet();
        return new Score(right / (double)Probes, wrong.Count, wrong.Count(near.Contains), near.Count, result.Count(r => !r.IsCertain));
    }

    private uint[] CarryingPaths()
    {
        var carrying = new uint[Probes];
        var (now, until) = (1u, 0L);
        for (var i = 0; i < Probes; i++)
        {
            if (Policy is not null) now = Policy(i);
            else if (i * IntervalNs >= until)
            {
                if (i > 0) now = Another(now);
                until = (i * IntervalNs) + (MeanStayNs / 2) + (long)(_random.NextDouble() * MeanStayNs);
            }

            carrying[i] = now;
            if (i > 0 && carrying[i - 1] != now) Changes.Add(i);
        }

        return carrying;
    }

    private uint Another(uint now)
    {
        while (true)
        {
            var first = 1u << _random.Next(_packets.Length);
            var next = _random.NextDouble() < DuplicatingShare ? first | (1u << _random.Next(_packets.Length)) : first;
            if (next != now) return next;
        }
    }

    /// <summary>Whether a path passes nothing because it is about to be left.</summary>
    private bool IsDead(int probe, int path, uint[] carrying)
    {
        if (Policy is not null) return false;
        var last = (int)Math.Min(Probes - 1, probe + (BlackoutNs / IntervalNs));
        for (var i = probe + 1; i <= last; i++)
        {
            if ((carrying[i] >> path & 1) == 0) return true;
        }

        return false;
    }

    // A user-space tunnel end: mostly prompt, at times preempted.
    private long Processing() =>
        (40 * Us) + (long)(-Math.Log(1 - _random.NextDouble()) * 30 * Us) + (_random.NextDouble() < StallShare ? _random.Next((int)(8 * Ms)) : 0);

    private void Cross(uint flow, int number, long at, uint carrying, long[] lead)
    {
        for (var k = 0; k < _packets.Length; k++)
        {
            if ((carrying >> k & 1) != 0) Put(k, at + Processing(), 28 + ProbeSizeCode.PayloadSize(flow, (ulong)number), lead[k]);
        }
    }

    private void Put(int path, long at, int inner, long lead)
    {
        if (IsFar && _random.NextDouble() < Loss) return;
        var stamp = IsFar ? at + DelayNs[path] + _random.Next((int)JitterNs + 1) : at;
        _packets[path].Add((stamp + lead, Tunnel.OuterLength(inner)));
    }

    private void AddCross(int path, long lead)
    {
        var end = (1000 * Ms) + (Probes * IntervalNs) + (300 * Ms);
        for (var at = 500.0 * Ms; at < end;)
        {
            var inner = CrossSize();
            Put(path, (long)at, inner, lead);
            at += -Math.Log(1 - _random.NextDouble()) * MeanCrossSize * 8 * 1e9 / CrossBitsPerSecond;
        }
    }

    private const double MeanCrossSize = (0.3 * 1400) + (0.3 * 720) + (0.25 * 52) + (0.15 * 212);

    private int CrossSize() => _random.NextDouble() switch
    {
        < 0.3 => 1400,
        < 0.6 => 40 + _random.Next(1361),
        < 0.85 => 40 + _random.Next(25),
        _ => 28 + ProbeSizeCode.SmallestPayload + (ProbeSizeCode.Step * _random.Next(ProbeSizeCode.Symbols)),
    };

    /// <summary>How a matcher did.</summary>
    internal sealed record Score(double RightShare, int Wrong, int WrongAtChanges, int AtChanges, int Uncertain);
}
