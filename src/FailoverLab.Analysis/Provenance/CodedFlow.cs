using System.Runtime.InteropServices;

namespace FailoverLab.Analysis;

/// <summary>
/// Tells where the packets of a readable flow are among those of opaque flows (docs/MEASUREMENT.md, Tunnels that cannot be read): by
/// their lengths, which a tunnel changes by a constant, and their times. Works through time in blocks; holds a few seconds of each flow.
/// </summary>
/// <param name="clockBoundNs">Largest difference between the clocks of any two captures, ns; 0 where they share one.</param>
internal sealed class CodedFlow(long clockBoundNs)
{
    /// <summary>So long after a probe was sent it is decided at the latest, ns.</summary>
    public const long LagNs = BlockNs + AheadNs + LongestTransitNs + 1_000_000;

    /// <summary>Fewer different sizes than this are no code.</summary>
    public const int FewestSizes = 4;

    /// <summary>Fewer probes than this tell nothing of their sizes.</summary>
    public const int FewestProbes = 64;

    private const long BlockNs = 2_000_000_000;
    private const long AheadNs = 1_000_000_000;
    private const long LongestTransitNs = 1_000_000_000;
    private const int LargestOverhead = 192;
    private const int ThoroughEvery = 4;

    private readonly List<CodedProbe> _probes = [];
    private readonly Dictionary<ulong, long> _exits = [];
    private readonly List<Carrier> _carriers = [];
    private readonly HashSet<int> _sizes = [];
    private readonly TransitScan _scan = new(-clockBoundNs - 50_000, LongestTransitNs, LargestOverhead);
    private long _lastNumber = -1;
    private bool _isCoded;
    private int _blocks;
    private long _forgottenNs;

    /// <summary>The opaque flows looked at.</summary>
    public IReadOnlyList<Carrier> Carriers => _carriers;

    /// <summary>What was counted.</summary>
    public CodeTally Tally { get; } = new();

    /// <summary>Adds an opaque flow at a point.</summary>
    public Carrier AddCarrier(int point, PathSide side)
    {
        var carrier = new Carrier(point, side, clockBoundNs);
        _carriers.Add(carrier);
        return carrier;
    }

    /// <summary>Adds a packet at the sender, in order of time.</summary>
    public void AddEntry(ulong number, long stampNs, int length)
    {
        // A second copy is no second probe.
        if ((long)number == _lastNumber) return;
        _lastNumber = (long)number;
        _probes.Add(new CodedProbe(number, stampNs, CodedProbe.Lost, length));
    }

    /// <summary>Adds a packet at the receiver.</summary>
    public void AddExit(ulong number, long stampNs) => _exits.TryAdd(number, stampNs);

    /// <summary>Decides what can be, every packet up to an instant having been added.</summary>
    /// <param name="nowNs">That instant, ns since the Unix epoch; the largest number = nothing more comes.</param>
    /// <param name="found">Takes the packets found: point, number, stamp in ns and length.</param>
    public void Advance(long nowNs, Action<int, ulong, long, int> found)
    {
        while (_probes.Count > 0 && (nowNs == long.MaxValue || nowNs - _probes[0].EntryNs > LagNs + clockBoundNs))
        {
            var first = _probes[0].EntryNs;
            var probes = CollectionsMarshal.AsSpan(_probes);
            var all = CountBefore(first + BlockNs + AheadNs);
            var decide = CountBefore(first + BlockNs);
            for (var i = 0; i < all; i++)
            {
                if (_exits.TryGetValue(probes[i].Number, out var exit) && exit - probes[i].EntryNs <= LongestTransitNs) probes[i] = probes[i] with { ExitNs = exit };
            }

            Match(probes[..all], decide, found);
            Forget(probes[..decide]);
            _probes.RemoveRange(0, decide);
        }

        // While no probes are sent, or none that can be told apart, other traffic goes on.
        if (nowNs == long.MaxValue || nowNs - _forgottenNs < BlockNs) return;
        _forgottenNs = nowNs;
        foreach (var carrier in _carriers) carrier.Packets.Forget(nowNs - LagNs - BlockNs - (2 * clockBoundNs));
    }

    private int CountBefore(long ns)
    {
        var index = _probes.FindIndex(p => p.EntryNs >= ns);
        return index < 0 ? _probes.Count : index;
    }

    private void Match(ReadOnlySpan<CodedProbe> probes, int decide, Action<int, ulong, long, int> found)
    {
        _sizes.Clear();
        foreach (ref readonly var probe in probes) _sizes.Add(probe.Length);
        Span<bool> seen = new bool[decide];
        Span<bool> doubtful = new bool[decide];
        if (probes.Length >= FewestProbes) _isCoded = _sizes.Count >= FewestSizes;

        // Packets that are all alike can be told apart by nothing; a guess would look like a measurement.
        var carriers = _isCoded ? _carriers : [];
        bool[][] isFound = [new bool[probes.Length], new bool[probes.Length]];
        var isThorough = _blocks++ % ThoroughEvery == 0;
        foreach (var carrier in carriers) carrier.Match(probes, probes[^1].EntryNs + LongestTransitNs, isFound[(int)carrier.Side]);
        foreach (var carrier in carriers)
        {
            var course = carrier.Finish(probes, isFound[(int)carrier.Side], decide, _scan, isThorough);
            for (var i = 0; i < decide; i++)
            {
                if (course[i].Packet is not (>= 0 and var packet)) continue;
                seen[i] = true;
                doubtful[i] |= course[i].IsAmbiguous;
                found(carrier.Point, probes[i].Number, carrier.Packets.StampOf(packet), carrier.Packets.LengthOf(packet));
            }
        }

        for (var i = 0; i < decide; i++) Tally.Count(_isCoded, probes[i].IsDelivered, seen[i], doubtful[i]);
    }

    private void Forget(ReadOnlySpan<CodedProbe> decided)
    {
        foreach (ref readonly var probe in decided) _exits.Remove(probe.Number);

        // Copies that came after their probe was decided belong to none.
        if (_exits.Count <= 2 * (_probes.Count + 1024)) return;
        var old = decided[^1].EntryNs;
        foreach (var number in _exits.Where(e => e.Value < old).Select(e => e.Key).ToList()) _exits.Remove(number);
    }
}
