namespace FailoverLab.Analysis;

/// <summary>One opaque flow at one point that may carry a coded flow: finds the flow in it, follows its delay, and matches block by block.</summary>
/// <param name="point">The point.</param>
/// <param name="side">Which end of the paths the point is at.</param>
/// <param name="clockBoundNs">Largest difference between the clocks of any two captures, ns.</param>
internal sealed class Carrier(int point, PathSide side, long clockBoundNs)
{
    private const int FirstRounds = 4;
    private const int LaterRounds = 2;
    private const int ManyAbsent = 24;
    private const int FewestMatched = 16;

    // Stamps of one clock are given at slightly different places in the kernel.
    private const long StampSlackNs = 50_000;

    private readonly CarrierChain _chain = new();
    private readonly double[] _rates = new double[OpaquePackets.LongestPacket];
    private readonly int[] _claimed = new int[OpaquePackets.LongestPacket];
    private CarrierStep _before = new() { LastNs = long.MinValue };
    private bool _isProven;
    private CarrierStep[] _course = [];
    private long[] _ins = [];
    private long[] _outs = [];
    private double[] _delivered = [];
    private double[] _lost = [];

    /// <summary>The point.</summary>
    public int Point => point;

    /// <summary>Which end of the paths it is at.</summary>
    public PathSide Side => side;

    /// <summary>What was learned.</summary>
    public CarrierModel Model { get; } = new();

    /// <summary>The packets held.</summary>
    public OpaquePackets Packets { get; } = new();

    /// <summary>Matches a block, as far as the flow was found here before.</summary>
    /// <param name="probes">Probes to decide, and those behind them to learn from.</param>
    /// <param name="toNs">Latest stamp that any of them may have here, ns since the Unix epoch.</param>
    /// <param name="isFound">Marked for those found.</param>
    public void Match(ReadOnlySpan<CodedProbe> probes, long toNs, Span<bool> isFound)
    {
        Packets.Prepare(probes[0].EntryNs - clockBoundNs - 1_000_000, toNs);
        Begin(probes.Length);
        if (!Model.IsKnown) return;
        Decode(probes, isFirst: false);
        Mark(isFound);
    }

    /// <summary>Looks here for probes that came out and were found nowhere, in case the path is new or its delay moved; then ends the block.</summary>
    /// <param name="probes">The probes of <see cref="Match"/>.</param>
    /// <param name="isFound">Which of them were found at any point on this side; marked for more.</param>
    /// <param name="decide">How many are decided; those behind come again.</param>
    /// <param name="scan">Tool for finding the flow.</param>
    /// <param name="isThorough">Whether to look for all probes where the flow was never found: for second copies of what was found elsewhere.</param>
    /// <returns>What became of each probe decided; good until the next block.</returns>
    public ReadOnlySpan<CarrierStep> Finish(ReadOnlySpan<CodedProbe> probes, Span<bool> isFound, int decide, TransitScan scan, bool isThorough)
    {
        var absent = Absent(probes, isFound);
        if ((absent.Length >= ManyAbsent && Seek(absent, scan)) || (isThorough && !Model.IsKnown && Seek(probes, scan))) Decode(probes, isFirst: true);

        Believe(probes.Length);
        Mark(isFound);
        if (decide > 0) _before = _course[decide - 1];
        return _course.AsSpan(0, decide);
    }

    private void Mark(Span<bool> isFound)
    {
        for (var i = 0; i < isFound.Length; i++) isFound[i] |= _course[i].Packet >= 0;
    }

    /// <summary>What was found by a scan and then in no packets was chance.</summary>
    private void Believe(int probes)
    {
        if (!Model.IsKnown || _isProven) return;
        _isProven = Matched(probes) >= FewestMatched;
        if (_isProven) return;
        Forget();
        Array.Fill(_course, new CarrierStep { Packet = -1, LastNs = long.MinValue }, 0, probes);
    }

    private void Forget()
    {
        _isProven = false;
        Model.Forget();
    }

    private int Matched(int probes)
    {
        var matched = 0;
        for (var i = 0; i < probes; i++) matched += _course[i].Packet >= 0 ? 1 : 0;
        return matched;
    }

    private bool Seek(ReadOnlySpan<CodedProbe> probes, TransitScan scan)
    {
        // What is known of a way that carries nothing may be wrong.
        int? known = Model.IsKnown && Matched(probes.Length) > 0 ? Model.Overhead : null;
        if (Packets.Count == 0 || scan.Find(probes, Packets, known) is not { } trace) return false;
        if (Model.IsKnown && trace.Overhead != Model.Overhead) Forget();
        Model.Found(trace, scan.ReachNs);
        return true;
    }

    private void Decode(ReadOnlySpan<CodedProbe> probes, bool isFirst)
    {
        for (var round = 0; round < (isFirst ? FirstRounds : LaterRounds); round++)
        {
            CountOthers(probes, isFirst && round == 0);
            _chain.Run(probes, Packets, Model, _rates, clockBoundNs + StampSlackNs, _before, _course);
            Learn(probes);
        }
    }

    /// <summary>Traffic of each length that is not the flow's.</summary>
    private void CountOthers(ReadOnlySpan<CodedProbe> probes, bool isFirst)
    {
        Array.Clear(_claimed);
        for (var i = 0; i < probes.Length; i++)
        {
            // As long as nothing was matched, take it that all probes came by.
            if (isFirst && probes[i].Length + Model.Overhead is var length && (uint)length < (uint)_claimed.Length) _claimed[length]++;
            else if (!isFirst && _course[i].Packet >= 0) _claimed[Packets.LengthOf(_course[i].Packet)]++;
        }

        var seconds = Packets.Count == 0 ? 1 : Math.Max(0.05, (Packets.StampOf(Packets.Count - 1) - Packets.StampOf(0)) / 1e9);
        for (var length = 0; length < _rates.Length; length++) _rates[length] = (Math.Max(Packets.OfLength(length).Length / 8.0, Packets.OfLength(length).Length - _claimed[length]) + 0.5) / seconds;
    }

    private void Learn(ReadOnlySpan<CodedProbe> probes)
    {
        var (ins, outs, delivered, lost) = (0, 0, 0, 0);
        var inParts = 0.0;
        for (var i = 0; i < probes.Length; i++)
        {
            ref readonly var step = ref _course[i];
            if (!step.IsOn) continue;
            if (probes[i].IsDelivered) _delivered[delivered++] = step.Ratio;
            else _lost[lost++] = step.Ratio;
            if (step.Packet < 0) continue;
            var stamp = Packets.StampOf(step.Packet);
            _ins[ins++] = stamp - probes[i].EntryNs;
            if (!probes[i].IsDelivered) continue;
            inParts += Model.InPartOf(probes[i], stamp);
            _outs[outs++] = probes[i].ExitNs - stamp;
        }

        Model.LearnDelays(_ins.AsSpan(0, ins), _outs.AsSpan(0, outs), inParts);
        Model.LearnSeen(_delivered.AsSpan(0, delivered), _lost.AsSpan(0, lost));
    }

    private static CodedProbe[] Absent(ReadOnlySpan<CodedProbe> probes, ReadOnlySpan<bool> isFound)
    {
        var absent = new List<CodedProbe>();
        for (var i = 0; i < probes.Length; i++)
        {
            if (!isFound[i] && probes[i].IsDelivered) absent.Add(probes[i]);
        }

        return [.. absent];
    }

    private void Begin(int probes)
    {
        if (_course.Length < probes)
        {
            (_course, _ins, _outs) = (new CarrierStep[probes * 2], new long[probes * 2], new long[probes * 2]);
            (_delivered, _lost) = (new double[probes * 2], new double[probes * 2]);
        }

        Array.Fill(_course, new CarrierStep { Packet = -1, LastNs = long.MinValue });
    }
}
