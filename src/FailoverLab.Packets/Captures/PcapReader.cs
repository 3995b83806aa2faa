using System.Buffers.Binary;

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
    public override bool TryReadNext(out CapturedPacket packet)
    {
        packet = default;
        if (Fault is not null) return false;
        var header = Window.Peek(RecordHeaderSize);
        if (header.Length < RecordHeaderSize)
        {
            if (header.Length > 0) Fault = $"the file ends inside a packet header at offset {Window.Position}";
            return false;
        }

        var seconds = Read(header, _swapped);
        var fraction = Read(header[4..], _swapped);
        var captured = Read(header[8..], _swapped);
        var original = Read(header[12..], _swapped);
        if (captured > MaxCapturedLength)
        {
            Fault = $"the packet header at offset {Window.Position} claims {captured} bytes; the rest of the file was not read";
            return false;
        }

        var record = Window.Peek(RecordHeaderSize + (int)captured);
        if (record.Length < RecordHeaderSize + (int)captured)
        {
            Fault = $"the file ends inside the packet at offset {Window.Position}";
            return false;
        }

        Window.Advance(record.Length);
        var stamp = (seconds * 1_000_000_000L) + (fraction * _nsPerFraction);
        packet = new CapturedPacket(stamp, record[RecordHeaderSize..], (int)Math.Min(original, int.MaxValue), 0, _interfaces[0].LinkType);
        return true;
    }

    private static uint Read(ReadOnlySpan<byte> bytes, bool swapped) =>
        swapped ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
