using System.Buffers.Binary;

namespace FailoverLab.Testing;

/// <summary>Capture files byte by byte, in either byte order, independent of the writer under test.</summary>
public sealed class CaptureBytes(bool bigEndian)
{
    private readonly List<byte> _bytes = [];

    /// <summary>All bytes so far.</summary>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>Words of 4 bytes in the byte order chosen.</summary>
    public CaptureBytes UInt32(params ReadOnlySpan<uint> values)
    {
        Span<byte> word = stackalloc byte[4];
        foreach (var value in values)
        {
            if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(word, value);
            else BinaryPrimitives.WriteUInt32LittleEndian(word, value);
            _bytes.AddRange(word);
        }

        return this;
    }

    /// <summary>Words of 2 bytes in the byte order chosen.</summary>
    public CaptureBytes UInt16(params ReadOnlySpan<ushort> values)
    {
        Span<byte> word = stackalloc byte[2];
        foreach (var value in values)
        {
            if (bigEndian) BinaryPrimitives.WriteUInt16BigEndian(word, value);
            else BinaryPrimitives.WriteUInt16LittleEndian(word, value);
            _bytes.AddRange(word);
        }

        return this;
    }

    /// <summary>Bytes as they are.</summary>
    public CaptureBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>A pcap file header.</summary>
    public CaptureBytes PcapHeader(uint magic, uint linkType = 1) => UInt32(magic).UInt16(2, 4).UInt32(0, 0, 65535, linkType);

    /// <summary>A pcap packet.</summary>
    public CaptureBytes PcapPacket(uint seconds, uint fraction, byte[] data, uint? captured = null) =>
        UInt32(seconds, fraction, captured ?? (uint)data.Length, (uint)data.Length).Raw(data);

    /// <summary>A pcapng block around a body whose length is a multiple of 4.</summary>
    public CaptureBytes Block(uint type, Action<CaptureBytes> body)
    {
        var inner = new CaptureBytes(bigEndian);
        body(inner);
        var bytes = inner.ToArray();
        return UInt32(type, (uint)bytes.Length + 12).Raw(bytes).UInt32((uint)bytes.Length + 12);
    }

    /// <summary>A pcapng section header of unknown length.</summary>
    public CaptureBytes Section() => Block(0x0A0D0D0A, b => b.UInt32(0x1A2B3C4D).UInt16(1, 0).UInt32(uint.MaxValue, uint.MaxValue));

    /// <summary>An interface description; options are given as code and value.</summary>
    public CaptureBytes Interface(ushort linkType, uint snapLength, params (ushort Code, byte[] Value)[] options) =>
        Block(1, b => b.UInt16(linkType, 0).UInt32(snapLength).Options(options));

    /// <summary>Options of a block and their end; nothing for none.</summary>
    public CaptureBytes Options(params (ushort Code, byte[] Value)[] options)
    {
        foreach (var (code, value) in options) UInt16(code, (ushort)value.Length).Raw(value).Raw(new byte[-value.Length & 3]);
        return options.Length > 0 ? UInt16(0, 0) : this;
    }

    /// <summary>An enhanced packet block.</summary>
    public CaptureBytes Packet(uint interfaceId, ulong ticks, byte[] data, params (ushort Code, byte[] Value)[] options) =>
        Block(6, b => b.UInt32(interfaceId, (uint)(ticks >> 32), (uint)ticks, (uint)data.Length, (uint)data.Length)
            .Raw(data).Raw(new byte[-data.Length & 3]).Options(options));
}
