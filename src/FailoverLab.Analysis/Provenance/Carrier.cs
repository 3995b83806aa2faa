namespace FailoverLab.Analysis;

/// <summary>One opaque flow at one point that may carry a coded flow: finds the flow in it, follows its delay, and matches block by block.</summary>
internal sealed class Carrier(int point, long clockBoundNs)
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
    private int _matched;
    private CarrierStep[] _course = [];
    private long[] _ins = [];
    private long[] _outs = [];
    private double[] _delivered = [];
    private double[] _lost = [];

    /// <summary>The point.</summary>
    public int Point => point;

    /// <summary>What was learned.</summary>
    public CarrierModel Model { get; } = new();

    /// <summary>The packets held.</summary>
    public OpaquePackets Packets { get; } = new();

    /// <summary>Matches a block.</summary>
    /// <param name="probes">Probes to decide, and those behind them to learn from.</param>
    /// <param name="scan">Tool for finding the flow.</param>
    /// <returns>What became of each probe; good until the next block.</returns>
    public ReadOnlySpan<CarrierStep> Match(ReadOnlySpan<CodedProbe> probes, TransitScan scan)
    {
        Packets.Prepare(probes[0].EntryNs - clockBoundNs - 1_000_000, probes[^1].EntryNs + scan.ReachNs);
        Begin(probes.Length);
        var isNew = !Model.IsKnown;
        if (!isNew || Seek(probes, scan)) Decode(probes, isNew);
        return _course.AsSpan(0, probes.Length);
    }

    /// <summary>Looks for probes that were found nowhere, in case the delay moved; then ends the block.</summary>
    /// <param name="probes">The probes of <see cref="Match"/>.</param>
    /// <param name="isFound">Which of them were found anywhere.</param>
    /// <param name="decide">How many are decided; those behind come again.</param>
    /// <param name="scan">Tool for finding the flow.</param>
    /// <returns>What became of each probe decided; good until the next block.</returns>
    public ReadOnlySpan<CarrierStep> Finish(ReadOnlySpan<CodedProbe> probes, ReadOnlySpan<bool> isFound, int decide, TransitScan scan)
    {
        if (Model.IsKnown && Absent(probes, isFound) is { Length: >= ManyAbsent } absent && Seek(absent, scan)) Decode(probes, isFirst: true);
        Believe(probes.Length);
        if (decide > 0) _before = _course[decide - 1];
        return _course.AsSpan(0, decide);
    }

    /// <summary>What was found by a scan and then in no packets was chance.</summary>
    private void Believe(int probes)
    {
        if (!Model.IsKnown || _matched >= FewestMatched) return;
        var matched = 0;
        for (var i = 0; i < probes; i++) matched += _course[i].Packet >= 0 ? 1 : 0;
        _matched += matched;
        if (matched >= FewestMatched) return;
        _matched = 0;
        Model.Forget();
        Array.Fill(_course, new CarrierStep { Packet = -1, LastNs = long.MinValue }, 0, probes);
    }

    private bool Seek(ReadOnlySpan<CodedProbe> probes, TransitScan scan)
    {
        if (Packets.Count == 0 || scan.Find(probes, Packets, Model.IsKnown ? Model.Overhead : null) is not { } trace) return false;
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
            if (!isFound[i]) absent.Add(probes[i]);
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
