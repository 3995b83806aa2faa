namespace FailoverLab.Tunnel;

/// <summary>
/// The packets sent last, kept until the peer acknowledges them, they grow too old, or newer ones need their room. Memory is taken once;
/// nothing is allocated per packet.
/// </summary>
internal sealed class ReplayRing
{
    private const int MostPackets = 1 << 13;

    private readonly byte[] _bytes;
    private readonly Entry[] _entries = new Entry[MostPackets];
    private readonly long _windowNs;
    private DataAck _ack;
    private long _oldest;
    private long _end;
    private int _write;

    /// <summary>Takes its memory.</summary>
    /// <param name="capacityBytes">Bytes of packets kept at most; more than the largest packet.</param>
    /// <param name="windowNs">Age beyond which a packet is of no use any more.</param>
    public ReplayRing(int capacityBytes, long windowNs)
    {
        _bytes = new byte[capacityBytes];
        _windowNs = windowNs;
    }

    /// <summary>Place of the first packet that may be kept; counts up by one per packet ever added.</summary>
    public long Oldest => _oldest;

    /// <summary>Place behind the last packet.</summary>
    public long End => _end;

    /// <summary>Keeps a copy of a packet.</summary>
    public void Add(ulong number, ReadOnlySpan<byte> packet, long nowNs)
    {
        if (packet.Length > _bytes.Length)
        {
            return;
        }

        if (_write + packet.Length > _bytes.Length)
        {
            // What stands behind the turn is the oldest of all, and would be skipped over.
            DropFrom(_write, _bytes.Length);
            _write = 0;
        }

        DropFrom(_write, _write + packet.Length);
        if (_end - _oldest == MostPackets)
        {
            _oldest++;
        }

        packet.CopyTo(_bytes.AsSpan(_write));
        _entries[_end % MostPackets] = new Entry(number, nowNs, _write, packet.Length);
        (_end, _write) = (_end + 1, _write + packet.Length);
        DropDone(nowNs - _windowNs);
    }

    /// <summary>The peer says what it has; an older word than one heard before changes nothing.</summary>
    public void Acknowledge(in DataAck ack)
    {
        if (ack.Highest >= _ack.Highest)
        {
            _ack = ack.Highest == _ack.Highest ? _ack with { Before = _ack.Before | ack.Before } : ack;
            DropDone(long.MinValue);
        }
    }

    /// <summary>A packet to be sent again.</summary>
    /// <param name="place">From <see cref="Oldest"/> to below <see cref="End"/>.</param>
    /// <param name="nowNs">Monotonic time.</param>
    /// <param name="number">Its number.</param>
    /// <param name="packet">The packet; valid until the next <see cref="Add"/>.</param>
    /// <returns>Whether it is young enough and not known to have arrived.</returns>
    public bool TryGet(long place, long nowNs, out ulong number, out ReadOnlySpan<byte> packet)
    {
        var entry = _entries[place % MostPackets];
        number = entry.Number;
        packet = _bytes.AsSpan(entry.Offset, entry.Length);
        return nowNs - entry.SentNs <= _windowNs && _ack.Misses(number);
    }

    /// <summary>Forgets from the oldest on what arrived or was sent before an instant. What another router acknowledged before must not come back.</summary>
    private void DropDone(long youngNs)
    {
        while (_oldest < _end && _entries[_oldest % MostPackets] is var first && (first.SentNs < youngNs || !_ack.Misses(first.Number)))
        {
            _oldest++;
        }
    }

    private void DropFrom(int start, int end)
    {
        while (_oldest < _end && _entries[_oldest % MostPackets] is var first && first.Offset < end && first.Offset + first.Length > start)
        {
            _oldest++;
        }
    }

    private readonly record struct Entry(ulong Number, long SentNs, int Offset, int Length);
}
