using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>One direction of an endpoint's data: gives every packet its number and, where lost ones shall be sent again, keeps it. Allocates nothing per packet.</summary>
internal sealed class DataOutbox
{
    private const int Capacity = 8 << 20;
    private const int LargestPacket = 65_535;

    private readonly byte[] _datagram = new byte[TunnelHeader.Size + TunnelHeader.NumberSize + LargestPacket];
    private readonly ReplayRing? _ring;
    private ulong _last;

    /// <summary>Begins at the run's number 1.</summary>
    /// <param name="session">Random number of the run.</param>
    /// <param name="keeps">Whether packets are kept for <see cref="ReplayRing"/>.</param>
    /// <param name="windowNs">How long.</param>
    public DataOutbox(ulong session, bool keeps, long windowNs)
    {
        _last = DataNumber.RunOf(session);
        _ring = keeps ? new ReplayRing(Capacity, windowNs) : null;
    }

    /// <summary>What may be sent again; <see langword="null"/> where nothing is.</summary>
    public ReplayRing? Ring => _ring;

    /// <summary>The peer says what it has received; what it received of another run means nothing.</summary>
    public void Acknowledge(in DataAck ack)
    {
        if (((ack.Highest ^ _last) & DataNumber.RunMask) == 0)
        {
            _ring?.Acknowledge(ack);
        }
    }

    /// <summary>Gives a packet its number and keeps it.</summary>
    public ulong Take(ReadOnlySpan<byte> packet, long nowNs)
    {
        _ring?.Add(++_last, packet, nowNs);
        return _ring is null ? ++_last : _last;
    }

    /// <summary>An unsealed datagram that carries a packet behind its number; valid until the next call.</summary>
    public Span<byte> Datagram(ulong number, ReadOnlySpan<byte> packet)
    {
        var datagram = _datagram.AsSpan(0, TunnelHeader.Size + TunnelHeader.NumberSize + packet.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(datagram[TunnelHeader.Size..], number);
        packet.CopyTo(datagram[(TunnelHeader.Size + TunnelHeader.NumberSize)..]);
        return datagram;
    }
}
