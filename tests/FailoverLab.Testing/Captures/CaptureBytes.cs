using System.Buffers.Binary;

namespace FailoverLab.Testing;

/// <summary>Capture files byte by byte, in either byte order, independent of the writer under test.</summary>
public sealed class CaptureBytes(bool bigEndian)
{
    private readonly List<byte> _bytes = [];

    /// <summary>All bytes so far.</summary>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>Words of 4 bytes in the byte order chosen.</summary>
    public CaptureBytes Words(params ReadOnlySpan<uint> values)
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
    public CaptureBytes HalfWords(params ReadOnlySpan<ushort> values)
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
    public CaptureBytes PcapHeader(uint magic, uint linkType = 1) => Words(magic).HalfWords(2, 4).Words(0, 0, 65535, linkType);

    /// <summary>A pcap packet.</summary>
    public CaptureBytes PcapPacket(uint seconds, uint fraction, byte[] data, uint? captured = null) =>
        Words(seconds, fraction, captured ?? (uint)data.Length, (uint)data.Length).Raw(data);

    /// <summary>A pcapng block around a body whose length is a multiple of 4.</summary>
    public CaptureBytes Block(uint type, Action<CaptureBytes> body)
    {
        var inner = new CaptureBytes(bigEndian);
        body(inner);
        var bytes = inner.ToArray();
        return Words(type, (uint)bytes.Length + 12).Raw(bytes).Words((uint)bytes.Length + 12);
    }

    /// <summary>A pcapng section header of unknown length.</summary>
    public CaptureBytes Section() => Block(0x0A0D0D0A, b => b.Words(0x1A2B3C4D).HalfWords(1, 0).Words(uint.MaxValue, uint.MaxValue));

    /// <summary>An interface description; options are given as code and value.</summary>
    public CaptureBytes Interface(ushort linkType, uint snapLength, params (ushort Code, byte[] Value)[] options) =>
        Block(1, b => b.HalfWords(linkType, 0).Words(snapLength).Options(options));

    /// <summary>Options of a block and their end; nothing for none.</summary>
    public CaptureBytes Options(params (ushort Code, byte[] Value)[] options)
    {
        foreach (var (code, value) in options) HalfWords(code, (ushort)value.Length).Raw(value).Raw(new byte[-value.Length & 3]);
        return options.Length > 0 ? HalfWords(0, 0) : this;
    }

    /// <summary>An enhanced packet block.</summary>
    public CaptureBytes Packet(uint interfaceId, ulong ticks, byte[] data, params (ushort Code, byte[] Value)[] options) =>
        Block(6, b => b.Words(interfaceId, (uint)(ticks >> 32), (uint)ticks, (uint)data.Length, (uint)data.Length)
            .Raw(data).Raw(new byte[-data.Length & 3]).Options(options));
}
