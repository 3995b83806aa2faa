using System.Buffers.Binary;
using FailoverLab.Linux;

namespace FailoverLab.Packets;

/// <summary>
/// The classic format: a 24-byte file header (magic, version, two unused words, snap length, link type), then per packet
/// seconds, sub-seconds, captured and original length (4 bytes each) and the bytes.
/// </summary>
/// <remarks>Source: draft-ietf-opsawg-pcap.</remarks>
internal sealed class PcapReader : CaptureReader
{
    private const int FileHeaderSize = 24;
    private const int RecordHeaderSize = 16;
    private const long NsPerSecond = 1_000_000_000;
    // Where records begin is guessed by so many in a row, of about the time of the first; a longer packet than is searched is rare.
    private const int RecordsToBelieve = 16;
    private const int SearchedBytes = 1 << 17;
    private const long LongCapture = 31 * 86_400;
    private const uint MicrosecondMagic = 0xA1B2C3D4;
    private const uint NanosecondMagic = 0xA1B23C4D;

    private readonly bool _swapped;
    private readonly long _nsPerFraction;
    private readonly CaptureInterface[] _interfaces;

    private PcapReader(ReadWindow window, bool swapped, long nsPerFraction, CaptureInterface captureInterface)
        : base(window)
    {
        _swapped = swapped;
        _nsPerFraction = nsPerFraction;
        _interfaces = [captureInterface];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    /// <summary>Starts reading, if the window stands at a pcap header; else leaves it untouched.</summary>
    public static PcapReader? Start(ReadWindow window)
    {
        var header = window.Peek(FileHeaderSize);
        if (header.Length < FileHeaderSize) return null;
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var swapped = magic is 0xD4C3B2A1 or 0x4D3CB2A1;
        if (swapped) magic = BinaryPrimitives.ReverseEndianness(magic);
        if (magic is not (MicrosecondMagic or NanosecondMagic)) return null;

        // The upper bits of the link type word hold the length of a frame check sequence; it changes nothing for headers.
        var description = new CaptureInterface
        {
            SnapLength = Read(header[16..], swapped),
            LinkType = (CaptureLinkType)(Read(header[20..], swapped) & 0xFFFF),
        };
        window.Advance(FileHeaderSize);
        return new PcapReader(window, swapped, magic == NanosecondMagic ? 1 : 1000, description);
    }

    /// <inheritdoc/>
    private protected override int Decode(Span<PacketSlot> slots)
    {
        if (Fault is not null) return 0;
        var count = DecodeInOrder(slots);
        return count > 0 || !TryFetchRecord() ? count : DecodeInOrder(slots);
    }

    /// <inheritdoc/>
    private protected override CaptureReader Over(ReadWindow window) => new PcapReader(window, _swapped, _nsPerFraction, _interfaces[0]);

    /// <inheritdoc/>
    internal override long FindRecord(long offset)
    {
        var end = Mapping!.Length;
        if (end < FileHeaderSize + RecordHeaderSize) return -1;
        var firstSeconds = Read(Mapping.Slice(FileHeaderSize, RecordHeaderSize), _swapped);
        for (var at = Math.Max(offset, FileHeaderSize); at < Math.Min(end, offset + SearchedBytes); at++)
        {
            if (IsChain(at, end, firstSeconds)) return at;
        }

        return -1;
    }

    /// <summary>Whether so many records as chance does not bring about seem to follow one another from a place on.</summary>
    private bool IsChain(long at, long end, uint firstSeconds)
    {
        for (var record = 0; record < RecordsToBelieve && (record == 0 || at < end); record++)
        {
            if (end - at < RecordHeaderSize) return false;
            var header = Mapping!.Slice(at, RecordHeaderSize);
            var captured = Read(header[8..], _swapped);
            if (captured is 0 or > MaxCapturedLength || Read(header[12..], _swapped) < captured) return false;
            if (Read(header[4..], _swapped) >= NsPerSecond / _nsPerFraction || Math.Abs((long)Read(header, _swapped) - firstSeconds) > LongCapture) return false;
            at += RecordHeaderSize + captured;
        }

        return at <= end;
    }

    private static uint Read(ReadOnlySpan<byte> bytes, bool swapped) =>
        swapped ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private int DecodeInOrder(Span<PacketSlot> slots) => _swapped ? DecodeAvailable<BigEndian>(slots) : DecodeAvailable<LittleEndian>(slots);

    /// <summary>The records that lie whole in the window, as far as the slots reach.</summary>
    private int DecodeAvailable<TOrder>(Span<PacketSlot> slots)
        where TOrder : struct, IByteOrder
    {
        var bytes = Window.Available;
        var place = Window.Place;
        var linkType = _interfaces[0].LinkType;
        var nsPerFraction = _nsPerFraction;
        var at = 0;
        var count = 0;
        var ahead = PrefetchDistance;
        var last = Math.Min(bytes.Length - RecordHeaderSize, Limit - 1 - Window.Position);
        while (count < slots.Length && at <= last)
        {
            for (; ahead < at + PrefetchDistance && ahead < bytes.Length; ahead += CacheLine.Size) CacheLine.Prefetch(in bytes[ahead]);
            var header = bytes.Slice(at, RecordHeaderSize);
            var captured = TOrder.UInt32(header[8..]);
            if (captured > MaxCapturedLength || captured > (uint)(bytes.Length - at - RecordHeaderSize)) break;
            at += RecordHeaderSize;
            slots[count++] = new PacketSlot(
                (TOrder.UInt32(header) * NsPerSecond) + (TOrder.UInt32(header[4..]) * nsPerFraction),
                place + at,
                (int)captured,
                (int)Math.Clamp(TOrder.UInt32(header[12..]), captured, int.MaxValue),
                0,
                linkType);
            at += (int)captured;
        }

        Window.Advance(at);
        return count;
    }

    /// <summary>Brings one record whole into the window, or says why there is none.</summary>
    private bool TryFetchRecord()
    {
        var header = Window.Peek(RecordHeaderSize);
        if (header.Length < RecordHeaderSize)
        {
            if (header.Length > 0) Fault = $"the file ends inside a packet header at offset {Window.Position}";
            return false;
        }

        var captured = Read(header[8..], _swapped);
        if (captured > MaxCapturedLength)
        {
            Fault = $"the packet header at offset {Window.Position} claims {captured} bytes; the rest of the file was not read";
            return false;
        }

        var size = RecordHeaderSize + (int)captured;
        if (Window.Peek(size).Length == size) return true;
        Fault = $"the file ends inside the packet at offset {Window.Position}";
        return false;
    }
}
