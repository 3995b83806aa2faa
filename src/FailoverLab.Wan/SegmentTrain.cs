using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Wan;

/// <summary>
/// TCP segments that leave the link one right behind the other, put together so that the kernel takes them in one call and cuts them into the
/// same packets again, to the byte. Every packet has met its fate before; only those that passed, and follow each other in their connection, get here.
/// Pure; allocates nothing per packet.
/// </summary>
internal sealed class SegmentTrain
{
    private const int EthernetHeader = 14;
    private const int LargestPacket = ushort.MaxValue;
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(EthernetHeader + LargestPacket, pinned: true);
    private int _length;
    private int _firstLength;
    private int _headerLength;
    private int _transport;
    private int _segmentSize;
    private uint _nextSequence;
    private ushort _nextId;
    private bool _isClosed;
    private TcpFlags _flags;

    /// <summary>Packets waiting.</summary>
    internal int Count { get; private set; }

    /// <summary>Puts a frame behind the others, if the kernel would cut it off again just as it is.</summary>
    /// <param name="frame">Whole Ethernet frame; copied.</param>
    internal bool TryAdd(ReadOnlySpan<byte> frame)
    {
        if (frame.Length <= EthernetHeader
            || !TcpSegmentView.TryRead(frame[EthernetHeader..], out var segment, out _)
            || !segment.IsPlainData
            || !IsEtherType(frame, segment)
            || (Count > 0 && !Follows(frame, segment))
            || !segment.HasRightChecksums())
        {
            return false;
        }

        if (Count == 0)
        {
            Begin(frame, segment);
        }
        else
        {
            frame[_headerLength..].CopyTo(_bytes.AsSpan(_length));
            _length += segment.PayloadLength;
        }

        Count++;
        _flags |= segment.Flags;
        _nextSequence = unchecked(segment.Sequence + (uint)segment.PayloadLength);
        _nextId = unchecked((ushort)(segment.Id + 1));

        // What the kernel cuts has PSH in its last segment only.
        _isClosed = segment.PayloadLength < _segmentSize || (segment.Flags & TcpFlags.Psh) != 0;
        return true;
    }

    /// <summary>Takes what waits as one frame, and empties the train.</summary>
    /// <param name="offload">How to cut it; nothing for a single packet, which comes as it was.</param>
    /// <returns>Valid until the next <see cref="TryAdd"/>.</returns>
    internal ReadOnlySpan<byte> Take(out OffloadHeader offload)
    {
        var frame = _bytes.AsSpan(0, _length);
        offload = default;
        if (Count > 1)
        {
            var packet = frame[EthernetHeader..];
            PacketHeaders.WriteLength(packet, packet.Length, _transport);
            packet[_transport + PacketHeaders.TcpFlagsAt] = (byte)_flags;
            var pseudo = PacketHeaders.PseudoSum(packet, PacketHeaders.Tcp, packet.Length - _transport);
            BinaryPrimitives.WriteUInt16BigEndian(packet[(_transport + PacketHeaders.TcpChecksum)..], pseudo);
            offload = new OffloadHeader(
                OffloadHeader.NeedsChecksum,
                PacketHeaders.IsIPv6(packet) ? SegmentKind.TcpIPv6 : SegmentKind.TcpIPv4,
                (ushort)_headerLength,
                (ushort)_segmentSize,
                (ushort)(EthernetHeader + _transport),
                PacketHeaders.TcpChecksum);
        }

        Count = 0;
        return frame;
    }

    private static bool IsEtherType(ReadOnlySpan<byte> frame, in TcpSegmentView segment) =>
        BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == (segment.IsIPv6 ? 0x86DD : 0x0800);

    private void Begin(ReadOnlySpan<byte> frame, in TcpSegmentView segment)
    {
        frame.CopyTo(_bytes);
        _length = _firstLength = frame.Length;
        _headerLength = EthernetHeader + segment.HeaderLength;
        _transport = segment.Transport;
        _segmentSize = segment.PayloadLength;
        _flags = TcpFlags.None;
    }

    private bool Follows(ReadOnlySpan<byte> frame, in TcpSegmentView segment)
    {
        if (_isClosed
            || segment.Sequence != _nextSequence
            || (!segment.IsIPv6 && segment.Id != _nextId)
            || segment.PayloadLength > _segmentSize
            || _length + segment.PayloadLength > EthernetHeader + LargestPacket
            || !frame[..EthernetHeader].SequenceEqual(_bytes.AsSpan(0, EthernetHeader)))
        {
            return false;
        }

        // The first one's headers are as they came until the train is taken.
        _ = TcpSegmentView.TryRead(_bytes.AsSpan(EthernetHeader, _firstLength - EthernetHeader), out var first, out _);
        return segment.IsSameFlow(first) && segment.HasLikeHeaders(first);
    }
}
