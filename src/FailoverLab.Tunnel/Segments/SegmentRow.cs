using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>Segments of one TCP connection that follow each other in the coalescer's memory, waiting to be written as one.</summary>
internal sealed class SegmentRow
{
    private const int LargestPacket = ushort.MaxValue;

    private readonly ByteRange[] _parts = new ByteRange[IOffloadDevice.MaxParts];
    private int _headerLength;
    private int _transport;
    private int _segmentSize;
    private int _length;
    private uint _nextSequence;
    private ushort _nextId;
    private bool _isClosed;
    private TcpFlags _flags;

    /// <summary>Segments waiting; 0 = free.</summary>
    public int Count { get; private set; }

    /// <summary>The first segment's place.</summary>
    public ByteRange First => _parts[0];

    /// <summary>Both ports: tells most connections apart without looking at their packets.</summary>
    public uint Ports { get; private set; }

    /// <summary>Begins a row.</summary>
    public void Begin(in TcpSegmentView segment, ByteRange at)
    {
        _headerLength = segment.HeaderLength;
        _transport = segment.Transport;
        _segmentSize = segment.PayloadLength;
        _length = at.Length;
        _parts[0] = at;
        Count = 1;
        Ports = segment.Ports;
        _isClosed = false;
        _flags = segment.Flags;
        Follow(segment);
    }

    /// <summary>Puts a segment of the same connection behind the last, if it belongs there.</summary>
    public bool TryAppend(in TcpSegmentView segment, in TcpSegmentView first, ByteRange at)
    {
        var payload = segment.PayloadLength;
        if (_isClosed || Count == _parts.Length || payload > _segmentSize || _length + payload > LargestPacket
            || segment.Sequence != _nextSequence || segment.Id != _nextId || !segment.HasLikeHeaders(first))
        {
            return false;
        }

        _parts[Count++] = new ByteRange(at.Offset + _headerLength, payload);
        _length += payload;
        _flags |= segment.Flags;
        Follow(segment);
        return true;
    }

    /// <summary>Writes the row and empties it.</summary>
    public void Write(Span<byte> memory, ISuperPacketOutput output)
    {
        var parts = _parts.AsSpan(0, Count);
        Count = 0;
        if (parts.Length == 1)
        {
            output.Write(parts, default);
            return;
        }

        var header = memory.Slice(parts[0].Offset, _headerLength);
        PacketHeaders.WriteLength(header, _length, _transport);
        header[_transport + PacketHeaders.TcpFlagsAt] = (byte)_flags;
        var pseudo = PacketHeaders.PseudoSum(header, PacketHeaders.Tcp, _length - _transport);
        BinaryPrimitives.WriteUInt16BigEndian(header[(_transport + PacketHeaders.TcpChecksum)..], pseudo);
        var kind = PacketHeaders.IsIPv6(header) ? SegmentKind.TcpIPv6 : SegmentKind.TcpIPv4;
        output.Write(parts, new OffloadHeader(OffloadHeader.NeedsChecksum, kind, (ushort)_headerLength, (ushort)_segmentSize, (ushort)_transport, PacketHeaders.TcpChecksum));
    }

    private void Follow(in TcpSegmentView segment)
    {
        _nextSequence = unchecked(segment.Sequence + (uint)segment.PayloadLength);
        _nextId = segment.IsIPv6 ? (ushort)0 : unchecked((ushort)(segment.Id + 1));
        _isClosed = segment.PayloadLength < _segmentSize || (segment.Flags & TcpFlags.Psh) != 0;
    }
}
