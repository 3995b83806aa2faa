namespace FailoverLab.Tunnel;

/// <summary>
/// Takes every datagram of one tunnel and direction at most once: the block bitmap of RFC 6479, plus a rule for a peer that
/// restarted. Sequences are compared in serial arithmetic (RFC 1982), so wrapping at 2^32 is nothing special.
/// </summary>
/// <remarks>
/// <para>A sequence that is new, ahead of the window or unseen inside it, is fresh. One that is not fresh may still be the
/// first of a restarted peer, whose sequence begins at 0 again: it is taken if its timestamp is later than every timestamp taken
/// so far, and then begins a new epoch. The latest timestamp of the old epoch becomes the floor: nothing sent at or before it is
/// taken any more.</para>
/// <para>Why no replay gets through: what was taken once has a timestamp not above the latest one taken, so it never begins an
/// epoch; within its epoch its bit is set or it is left of the window; in a later epoch it is not above the floor.</para>
/// <para>The floor begins at the program's own start, so a recording made before a restart of the receiver is worthless too. The
/// price: a peer whose clock is behind ours by d is first heard d after our start.</para>
/// <para>Times are whole numbers of 64 bits: the header's 32 bits come round every 49.7 days, and a floor that is compared in them lies
/// ahead of everything from the 25th day on.</para>
/// </remarks>
public sealed class ReplayWindow
{
    private const int BlockBits = 64;
    private const int Blocks = 256;
    private const int BlockMask = Blocks - 1;

    /// <summary>How far behind the highest sequence one may be and still be taken: the ring less the block being filled.</summary>
    public const int Size = (Blocks - 1) * BlockBits;

    private readonly ulong[] _bits = new ulong[Blocks];
    private bool _started;
    private long _latestMs;
    private long _floorMs;

    /// <summary>Begins empty.</summary>
    /// <param name="startMs">Unix ms of the receiver's start: nothing sent before it is taken.</param>
    public ReplayWindow(long startMs) => _floorMs = startMs - 1;

    /// <summary>Highest sequence taken in this epoch; meaningless before the first.</summary>
    public uint Highest { get; private set; }

    /// <summary>Whether a datagram may be taken, without taking it: cheap enough to stand before the HMAC.</summary>
    /// <param name="sequence">The header's.</param>
    /// <param name="timestampMs">Unix ms: the header's low 32 bits, with the others from our own clock.</param>
    public bool IsAcceptable(uint sequence, long timestampMs) => Judge(sequence, timestampMs) == Judgement.Fresh || IsRestart(sequence, timestampMs);

    /// <summary>Whether the refusal is for being sent before the epoch, rather than for being seen.</summary>
    public bool IsBeforeEpoch(long timestampMs) => timestampMs <= _floorMs;

    /// <summary>Takes a datagram whose tag was verified.</summary>
    /// <returns>Whether it is the first of a new epoch, that is the peer restarted (or spoke for the first time).</returns>
    public bool Accept(uint sequence, long timestampMs)
    {
        var newEpoch = !_started || IsRestart(sequence, timestampMs);
        if (newEpoch)
        {
            _floorMs = _started ? _latestMs : _floorMs;
            _started = true;
            _latestMs = timestampMs;
            Highest = sequence;
            Array.Clear(_bits);
        }
        else if (SerialDistance(sequence, Highest) > 0)
        {
            Advance(sequence);
        }

        _latestMs = Math.Max(_latestMs, timestampMs);
        _bits[Block(sequence)] |= 1UL << (int)(sequence % BlockBits);
        return newEpoch;
    }

    private static int SerialDistance(uint a, uint b) => unchecked((int)(a - b));

    private static uint Block(uint sequence) => (sequence / BlockBits) & BlockMask;

    private bool IsRestart(uint sequence, long timestampMs) =>
        Judge(sequence, timestampMs) == Judgement.NotFresh && timestampMs > _latestMs;

    private Judgement Judge(uint sequence, long timestampMs)
    {
        if (IsBeforeEpoch(timestampMs))
        {
            return Judgement.BeforeEpoch;
        }

        if (!_started)
        {
            return Judgement.Fresh;
        }

        var ahead = SerialDistance(sequence, Highest);
        if (ahead > 0)
        {
            return Judgement.Fresh;
        }

        var seen = ahead <= -Size || (_bits[Block(sequence)] & (1UL << (int)(sequence % BlockBits))) != 0;
        return seen ? Judgement.NotFresh : Judgement.Fresh;
    }

    private void Advance(uint sequence)
    {
        var steps = Math.Min(unchecked((sequence / BlockBits) - (Highest / BlockBits)) & (uint.MaxValue / BlockBits), Blocks);
        for (var i = 1u; i <= steps; i++)
        {
            _bits[((Highest / BlockBits) + i) & BlockMask] = 0;
        }

        Highest = sequence;
    }

    private enum Judgement
    {
        Fresh,
        NotFresh,
        BeforeEpoch,
    }
}
