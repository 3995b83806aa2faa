using System.Numerics;
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
    private const uint ForeignFlow = 3;
    private const int OtherTunnels = 8;
    private const int Ethernet = 14;
    private readonly SeededRandom _random;
    private readonly List<(long StampNs, int Length)>[] _packets = [[], [], []];
    private readonly List<(long StampNs, int Length)>[] _others = [[], [], []];
    private readonly List<(ulong Number, long StampNs, int Length)> _entries = [];
    private readonly List<(ulong Number, long StampNs)> _exits = [];

    public TunnelTraffic(ulong seed) => (Seed, _random) = (seed, new SeededRandom(seed));

    /// <summary>What all of it is made from.</summary>
    public ulong Seed { get; }

    public TunnelKind Tunnel { get; init; } = TunnelKind.All[0];

    public int Probes { get; init; } = 10_000;

    public long IntervalNs { get; init; } = Ms;

    /// <summary>Share of packets that each path loses before its capture.</summary>
    public double LossBefore { get; init; } = 0.025;

    /// <summary>Share of packets that each path loses behind its capture.</summary>
    public double LossBehind { get; init; } = 0.025;

    /// <summary>Other traffic on each path, bit/s.</summary>
    public double CrossBitsPerSecond { get; init; } = 20e6;

    /// <summary>Share of packets at which the tunnel end is held up for up to 8 ms.</summary>
    public double StallShare { get; init; } = 0.0002;

    /// <summary>Captures behind the lossy link instead of before it.</summary>
    public bool IsFar { get; init; }

    /// <summary>One-way delay of each path, ns.</summary>
    public long[] DelayNs { get; init; } = [20 * Ms, 35 * Ms, 28 * Ms];

    /// <summary>What is added to every path's delay in the middle of the flow, ns.</summary>
    public long DelayShiftNs { get; init; }

    /// <summary>Uniform addition to the delay, order kept, ns.</summary>
    public long JitterNs { get; init; } = 4 * Ms;

    /// <summary>Largest lead of each path's clock, ns.</summary>
    public long ClockBoundNs { get; init; }

    /// <summary>Mean time between two changes of the carrying paths, ns.</summary>
    public long MeanStayNs { get; init; } = 2_000 * Ms;

    /// <summary>Share of changes to two paths at once.</summary>
    public double DuplicatingShare { get; init; }

    /// <summary>Silence of the old path before a change: what makes a failover.</summary>
    public long BlackoutNs { get; init; } = 60 * Ms;

    /// <summary>Whether the flow's sizes follow the code; all are as large as the middle symbol without.</summary>
    public bool IsCoded { get; init; } = true;

    /// <summary>Share of packets the paths' captures lack.</summary>
    public double CaptureDrops { get; init; }

    /// <summary>Carrying paths of a probe, in place of changes at random times.</summary>
    public Func<int, uint>? Policy { get; init; }

    /// <summary>Paths each probe was seen on, as bits.</summary>
    public List<uint> Truth { get; } = [];

    /// <summary>Numbers of the first probes that other paths carried.</summary>
    public HashSet<int> Changes { get; } = [];

    /// <summary>Packets in the tunnel on a path.</summary>
    public int PacketsOn(int path) => _packets[path].Count;

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
            var (seen, exit) = (0u, CodedProbe.Lost);
            for (var k = 0; k < _packets.Length; k++)
            {
                if ((carrying[i] >> k & 1) == 0) continue;
                var at = sentAt + (k * 3 * Us);
                lastOut[k] = Math.Max(lastOut[k] + 1, at + DelayNs[k] + (i > Probes / 2 ? DelayShiftNs : 0) + _random.Next((int)JitterNs + 1));
                var (isDead, lostBefore, lostBehind) = (IsDead(i, k, carrying), _random.NextDouble() < LossBefore, _random.NextDouble() < LossBehind);
                if (!isDead && !lostBefore && !lostBehind) exit = Math.Min(exit, lastOut[k] + (30 * Us));
                if (lostBefore || (IsFar && isDead) || _random.NextDouble() < CaptureDrops) continue;
                _packets[k].Add(((IsFar ? lastOut[k] : at) + lead[k], Tunnel.OuterLength(size)));
                seen |= 1u << k;
            }

            _entries.Add(((ulong)i, entry, size + Ethernet));
            if (exit != CodedProbe.Lost) _exits.Add(((ulong)i, exit));
            Truth.Add(seen);
        }

        for (var k = 0; k < _packets.Length; k++)
        {
            AddCross(k, lead[k]);
            AddOther(k);
        }

        foreach (var packets in (IEnumerable<List<(long, int)>>)[.. _packets, .. _others]) packets.Sort();
        return this;
    }

    /// <summary>Matches as a streaming reader would: whatever was stamped in a piece of time at once, then the next.</summary>
    public (uint[] Found, CodedFlow Flow) Match()
    {
        var found = new uint[Probes];
        var flow = new CodedFlow(ClockBoundNs);
        var carriers = _packets.Select((_, k) => flow.AddCarrier(k, PathSide.Site)).ToArray();
        var others = _others.Select((_, k) => flow.AddCarrier(k + OtherTunnels, PathSide.Site)).ToArray();
        _exits.Sort((a, b) => a.StampNs.CompareTo(b.StampNs));
        var (nextEntry, nextExit, next, nextOther) = (0, 0, new int[carriers.Length], new int[others.Length]);
        for (var now = 0L; nextEntry < _entries.Count; now += 100 * Ms)
        {
            for (; nextEntry < _entries.Count && _entries[nextEntry].StampNs < now; nextEntry++) flow.AddEntry(_entries[nextEntry].Number, _entries[nextEntry].StampNs, _entries[nextEntry].Length);
            for (; nextExit < _exits.Count && _exits[nextExit].StampNs < now; nextExit++) flow.AddExit(_exits[nextExit].Number, _exits[nextExit].StampNs);
            for (var k = 0; k < carriers.Length; k++) Feed(carriers[k], _packets[k], ref next[k], now);
            for (var k = 0; k < others.Length; k++) Feed(others[k], _others[k], ref nextOther[k], now);
            flow.Advance(now, Take);
        }

        for (; nextExit < _exits.Count; nextExit++) flow.AddExit(_exits[nextExit].Number, _exits[nextExit].StampNs);
        for (var k = 0; k < carriers.Length; k++) Feed(carriers[k], _packets[k], ref next[k], long.MaxValue);
        flow.Advance(long.MaxValue, Take);
        return (found, flow);

        void Take(int point, ulong number, long stamp, int length) => found[number] |= 1u << point;

        static void Feed(Carrier carrier, List<(long StampNs, int Length)> packets, ref int next, long now)
        {
            for (; next < packets.Count && packets[next].StampNs < now; next++) carrier.Packets.Add(packets[next].StampNs, packets[next].Length);
        }
    }

    /// <summary>Compares what was found with the truth.</summary>
    public Score Judge(uint[] found)
    {
        var score = new Score();
        for (var i = 0; i < Probes; i++)
        {
            score.Passages += BitOperations.PopCount(Truth[i]);
            score.Right += BitOperations.PopCount(found[i] & Truth[i]);
            score.Wrong += BitOperations.PopCount(found[i] & ~Truth[i]);
        }

        return score;
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
        if (_random.NextDouble() < LossBefore) return;
        var stamp = IsFar ? at + DelayNs[path] + _random.Next((int)JitterNs + 1) : at;
        _packets[path].Add((stamp + lead, Tunnel.OuterLength(inner)));
    }

    /// <summary>Another tunnel on the path, full of a coded flow of its own.</summary>
    private void AddOther(int path)
    {
        for (var i = 0; i < Probes; i++)
        {
            var at = (1000 * Ms) + (i * IntervalNs) + Processing() + (IsFar ? DelayNs[path] + _random.Next((int)JitterNs + 1) : 0);
            _others[path].Add((at, Tunnel.OuterLength(28 + ProbeSizeCode.PayloadSize(ForeignFlow, (ulong)i))));
        }
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

    /// <summary>How well the passages of probes through paths were found.</summary>
    internal sealed record Score
    {
        public int Passages { get; set; }

        public int Right { get; set; }

        public int Wrong { get; set; }

        public double RightShare => Right / (double)Passages;

        public double WrongShare => Wrong / (double)Passages;

        public override string ToString() => $"{Passages} passages, {RightShare:P3} right, {Wrong} wrong";
    }
}
