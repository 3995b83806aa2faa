using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Wan;

/// <summary>Cuts a frame of uncut segments into the frames that a wire would have carried, with whole checksums. Allocates nothing per frame.</summary>
internal sealed class SegmentCutter
{
    private const int EtherTypeAt = 12;
    private const int PlainHeader = 14;
    private const int VlanTag = 4;
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(ushort.MaxValue + PlainHeader + VlanTag);
    private int _headerLength;

    /// <summary>Begins to cut.</summary>
    /// <param name="frame">Whole Ethernet frame; not changed.</param>
    /// <param name="offload">What its sender said of it; offsets from the frame's begin, without a VLAN tag.</param>
    /// <param name="mostBytes">Longest frame that may come out.</param>
    /// <param name="segments">The cursor before the first.</param>
    /// <returns>Whether it can be cut.</returns>
    internal bool TryOpen(ReadOnlySpan<byte> frame, in OffloadHeader offload, int mostBytes, out PacketSegments segments)
    {
        segments = default;
        if (frame.Length < PlainHeader || offload.ChecksumStart < PlainHeader)
        {
            return false;
        }

        _headerLength = BinaryPrimitives.ReadUInt16BigEndian(frame[EtherTypeAt..]) is 0x8100 or 0x88A8 ? PlainHeader + VlanTag : PlainHeader;
        var packetOffload = offload with { ChecksumStart = (ushort)(offload.ChecksumStart - PlainHeader) };
        if (frame.Length <= _headerLength
            || !PacketSegments.TryOpen(frame[_headerLength..], packetOffload, out segments)
            || _headerLength + segments.LongestLength > mostBytes)
        {
            return false;
        }

        frame[.._headerLength].CopyTo(_bytes);
        return true;
    }

    /// <summary>Cuts the next off.</summary>
    /// <param name="segments">The cursor.</param>
    /// <param name="frame">Whole Ethernet frame; valid until the next call.</param>
    internal bool TryNext(ref PacketSegments segments, out ReadOnlySpan<byte> frame)
    {
        var hasOne = segments.TryNext(_bytes.AsSpan(_headerLength), out var length);
        frame = _bytes.AsSpan(0, _headerLength + length);
        return hasOne;
    }
}
