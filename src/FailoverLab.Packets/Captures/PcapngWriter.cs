using System.Buffers.Binary;
using System.Text;

namespace FailoverLab.Packets;

/// <summary>
/// Writes one capture as pcapng with nanosecond stamps: section header, one interface, enhanced packet blocks, and at
/// <see cref="Finish"/> the interface statistics. Bytes go through one buffer; no packet allocates. A fault of the stream throws
/// its own <see cref="IOException"/> once; the writer then takes everything without writing, so that what is on disk stays readable.
/// Not thread-safe.
/// </summary>
/// <remarks>Source: draft-ietf-opsawg-pcapng.</remarks>
public sealed class PcapngWriter : IDisposable
{
    private const int BufferSize = 1 << 18;
    private const int PacketOverhead = 32;
    private const int MaxCaptured = BufferSize - PacketOverhead - 4;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly int _snapLength;
    private int _used;
    private long _firstNs;
    private long _lastNs;
    private bool _finished;
    private bool _broken;

    /// <summary>Starts a capture; the two header blocks are written with the first flush.</summary>
    /// <param name="stream">Writable; owned and disposed by the writer.</param>
    /// <param name="description">What the file says about itself.</param>
    public PcapngWriter(Stream stream, PcapngDescription description)
    {
        _stream = stream;
        _snapLength = description.SnapLength is 0 or > MaxCaptured ? MaxCaptured : (int)description.SnapLength;
        WriteSectionHeader(description);
        WriteInterface(description);
    }

    /// <summary>Packets written so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Writes one packet.</summary>
    /// <param name="realtimeNs">Capture time, ns since the Unix epoch, not negative.</param>
    /// <param name="captured">The bytes; what exceeds the snap length is cut.</param>
    /// <param name="originalLength">Bytes on the wire.</param>
    /// <exception cref="IOException">The stream failed; thrown once.</exception>
    public void Write(long realtimeNs, ReadOnlySpan<byte> captured, int originalLength)
    {
        if (captured.Length > _snapLength) captured = captured[.._snapLength];
        var padded = (captured.Length + 3) & ~3;
        var length = PacketOverhead + padded;
        if (_used + length > BufferSize) Flush();
        var block = _buffer.AsSpan(_used, length);
        BinaryPrimitives.WriteUInt32LittleEndian(block, PcapngBlock.EnhancedPacket);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], 0);
        WriteStamp(block[12..], realtimeNs);
        BinaryPrimitives.WriteInt32LittleEndian(block[20..], captured.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block[24..], Math.Max(originalLength, captured.Length));
        captured.CopyTo(block[28..]);
        block[(28 + captured.Length)..(28 + padded)].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(block[(28 + padded)..], length);
        _used += length;
        if (Packets++ == 0) _firstNs = realtimeNs;
        _lastNs = realtimeNs;
    }

    /// <summary>Hands what is buffered to the stream, so that a reader sees it.</summary>
    /// <exception cref="IOException">The stream failed; thrown once.</exception>
    public void Flush()
    {
        var count = _used;
        _used = 0;
        if (_broken || count == 0) return;
        try
        {
            _stream.Write(_buffer, 0, count);
            _stream.Flush();
        }
        catch
        {
            _broken = true;
            throw;
        }
    }

    /// <summary>Writes the interface statistics and flushes; later packets are an error of the caller.</summary>
    /// <param name="received">Packets that passed the interface's filter, stored or not.</param>
    /// <param name="dropped">Packets that could not be stored.</param>
    /// <exception cref="IOException">The stream failed; thrown once.</exception>
    public void Finish(long received, long dropped)
    {
        if (_finished) return;
        _finished = true;
        const int Length = 12 + 12 + (4 * 12) + 4;
        if (_used + Length > BufferSize) Flush();
        var block = _buffer.AsSpan(_used, Length);
        BinaryPrimitives.WriteUInt32LittleEndian(block, PcapngBlock.InterfaceStatistics);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], 0);
        WriteStamp(block[12..], _lastNs);
        var options = block[20..];
        WriteOptionHeader(options, 2, 8);
        WriteStamp(options[4..], _firstNs);
        WriteOptionHeader(options[12..], 3, 8);
        WriteStamp(options[16..], _lastNs);
        WriteOptionHeader(options[24..], 4, 8);
        BinaryPrimitives.WriteInt64LittleEndian(options[28..], received);
        WriteOptionHeader(options[36..], 5, 8);
        BinaryPrimitives.WriteInt64LittleEndian(options[40..], dropped);
        WriteOptionHeader(options[48..], PcapngBlock.EndOfOptions, 0);
        BinaryPrimitives.WriteInt32LittleEndian(options[52..], Length);
        _used += Length;
        Flush();
    }

    /// <summary>Flushes and closes the stream. Without <see cref="Finish"/> the file is whole but says nothing about drops.</summary>
    /// <exception cref="IOException">The stream failed; thrown once.</exception>
    public void Dispose()
    {
        try
        {
            Flush();
        }
        finally
        {
            _broken = true;
            _stream.Dispose();
        }
    }

    private static void WriteStamp(Span<byte> target, long ns)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)((ulong)ns >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], (uint)ns);
    }

    private static void WriteOptionHeader(Span<byte> target, ushort code, ushort length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, code);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], length);
    }

    private void WriteSectionHeader(PcapngDescription description)
    {
        Span<byte> fixedPart = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart, PcapngBlock.ByteOrderMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(fixedPart[4..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart[8..], -1); // Section length unknown.
        WriteBlock(PcapngBlock.SectionHeader, fixedPart, [(2, Text(description.Hardware)), (3, Text(description.OperatingSystem)), (4, Text(description.Application))]);
    }

    private void WriteInterface(PcapngDescription description)
    {
        Span<byte> fixedPart = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(fixedPart, (ushort)description.LinkType);
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart[4..], description.SnapLength);
        WriteBlock(PcapngBlock.InterfaceDescription, fixedPart, [(2, Text(description.InterfaceName)), (9, [9])]);
    }

    /// <summary>Cut to what an option and the buffer hold with room to spare.</summary>
    private static byte[] Text(string? text) => text is null ? [] : Encoding.UTF8.GetBytes(text.Length > 1000 ? text[..1000] : text);

    private void WriteBlock(uint type, ReadOnlySpan<byte> fixedPart, ReadOnlySpan<(ushort Code, byte[] Value)> options)
    {
        var block = _buffer.AsSpan(_used);
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        fixedPart.CopyTo(block[8..]);
        var at = 8 + fixedPart.Length;
        foreach (var (code, value) in options)
        {
            if (value.Length == 0) continue;
            WriteOptionHeader(block[at..], code, (ushort)value.Length);
            value.CopyTo(block[(at + 4)..]);
            at += 4 + ((value.Length + 3) & ~3);
        }

        WriteOptionHeader(block[at..], PcapngBlock.EndOfOptions, 0);
        at += 4;
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], at + 4);
        BinaryPrimitives.WriteInt32LittleEndian(block[at..], at + 4);
        _used += at + 4;
    }
}
