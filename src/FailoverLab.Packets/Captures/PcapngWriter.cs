using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace FailoverLab.Packets;

/// <summary>
/// Writes one capture as pcapng with nanosecond stamps: section header, interfaces, enhanced packet blocks with or without a comment, and
/// interface statistics. Bytes go through one buffer; no packet allocates. A fault of the stream throws its own <see cref="IOException"/>
/// once; the writer then takes everything without writing, so that what is on disk stays readable. Not thread-safe.
/// </summary>
/// <remarks>Source: draft-ietf-opsawg-pcapng.</remarks>
public sealed class PcapngWriter : IDisposable
{
    private const int BufferSize = 1 << 18;
    private const int PacketOverhead = 32;
    private const int OptionHead = 4;
    private const int MaxCommentLength = 60_000;
    private const int MaxTextLength = 1000;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[BufferSize];
    private Source[] _sources = new Source[1];
    private int _used;
    private bool _finished;
    private bool _broken;

    /// <summary>Starts a capture of one interface, which has number 0; the two header blocks are written with the first flush.</summary>
    /// <param name="stream">Writable; owned and disposed by the writer.</param>
    /// <param name="description">What the file says about itself.</param>
    public PcapngWriter(Stream stream, PcapngDescription description)
        : this(stream, new PcapngSection { Hardware = description.Hardware, OperatingSystem = description.OperatingSystem, Application = description.Application })
    {
        _ = AddInterface(new CaptureInterface { Name = description.InterfaceName, LinkType = description.LinkType, SnapLength = description.SnapLength });
    }

    /// <summary>Starts a capture without interfaces; <see cref="AddInterface"/> adds them.</summary>
    /// <param name="stream">Writable; owned and disposed by the writer.</param>
    /// <param name="section">What the file says about itself.</param>
    public PcapngWriter(Stream stream, PcapngSection section)
    {
        _stream = stream;
        WriteSectionHeader(section);
    }

    /// <summary>Packets written so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Interfaces described so far.</summary>
    public int Interfaces { get; private set; }

    /// <summary>Describes an interface; at any time before its first packet.</summary>
    /// <param name="description">Its name, link type and snap length; counts are not looked at.</param>
    /// <returns>Its number: 0, 1, 2 and so on.</returns>
    /// <exception cref="IOException">The stream failed; thrown once.</exception>
    public int AddInterface(CaptureInterface description)
    {
        const int Max = (int)CaptureReader.MaxCapturedLength;
        if (Interfaces == _sources.Length) Array.Resize(ref _sources, 2 * Interfaces);
        _sources[Interfaces].SnapLength = description.SnapLength is 0 or > Max ? Max : (int)description.SnapLength;
        Span<byte> fixedPart = stackalloc byte[8];
        fixedPart.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(fixedPart, (ushort)description.LinkType);
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart[4..], description.SnapLength);
        WriteBlock(PcapngBlock.InterfaceDescription, fixedPart, [(PcapngBlock.InterfaceName, Text(description.Name)), (9, [9])]);
        return Interfaces++;
    }

    /// <summary>Writes one packet of interface 0.</summary>
    /// <param name="realtimeNs">Capture time, ns since the Unix epoch, not negative.</param>
    /// <param name="captured">The bytes; what exceeds the snap length is cut.</param>
    /// <param name="originalLength">Bytes on the wire.</param>
    /// <exception cref="IOException">The stream failed; thrown once.</exception>
    public void Write(long realtimeNs, ReadOnlySpan<byte> captured, int originalLength) => Write(0, realtimeNs, captured, originalLength, null);

    /// <summary>Writes one packet.</summary>
    /// <param name="interfaceIndex">The interface's number.</param>
    /// <param name="realtimeNs">Capture time, ns since the Unix epoch, not negative.</param>
    /// <param name="captured">The bytes; what exceeds the snap length is cut.</param>
    /// <param name="originalLength">Bytes on the wire.</param>
    /// <param name="comment">What is said about it (<c>opt_comment</c>), cut at 60,000 bytes of UTF-8; absent or empty = nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such interface.</exception>
    /// <exception cref="IOException">The stream failed; thrown once.</exception>
    public void Write(int interfaceIndex, long realtimeNs, ReadOnlySpan<byte> captured, int originalLength, string? comment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceIndex, Interfaces);
        ref var source = ref _sources[interfaceIndex];
        if (captured.Length > source.SnapLength) captured = captured[..source.SnapLength];
        var padded = (captured.Length + 3) & ~3;
        var length = PacketOverhead + padded;
        var room = string.IsNullOrEmpty(comment) ? length : length + (2 * OptionHead) + Math.Min(MaxCommentLength, 3 * comment.Length) + 3;
        var block = Reserve(room);
        captured.CopyTo(block[28..]);
        block[(28 + captured.Length)..(28 + padded)].Clear();
        if (room > length) length += WriteComment(block[(28 + padded)..], comment);
        BinaryPrimitives.WriteUInt32LittleEndian(block, PcapngBlock.EnhancedPacket);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], interfaceIndex);
        WriteStamp(block[12..], realtimeNs);
        BinaryPrimitives.WriteInt32LittleEndian(block[20..], captured.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block[24..], Math.Max(originalLength, captured.Length));
        BinaryPrimitives.WriteInt32LittleEndian(block[(length - 4)..], length);
        _used += length;
        if (source.Packets++ == 0) source.FirstNs = realtimeNs;
        source.LastNs = realtimeNs;
        Packets++;
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

    /// <summary>Writes the statistics of interface 0 and flushes; later packets are an error of the caller.</summary>
    /// <param name="received">Packets that passed the interface's filter, stored or not.</param>
    /// <param name="dropped">Packets that could not be stored.</param>
    /// <exception cref="IOException">The stream failed; thrown once.</exception>
    public void Finish(long received, long dropped)
    {
        if (_finished) return;
        _finished = true;
        WriteStatistics(0, received, dropped);
        Flush();
    }

    /// <summary>Writes what is known of an interface at the end; after all its packets.</summary>
    /// <param name="interfaceIndex">The interface's number.</param>
    /// <param name="received">Packets that passed the interface's filter, stored or not; absent = not known.</param>
    /// <param name="dropped">Packets that could not be stored; absent = not known.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such interface.</exception>
    /// <exception cref="IOException">The stream failed; thrown once.</exception>
    public void WriteStatistics(int interfaceIndex, long? received, long? dropped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceIndex, Interfaces);
        ref readonly var source = ref _sources[interfaceIndex];
        const int MaxLength = 12 + 12 + (4 * 12) + 4;
        var block = Reserve(MaxLength);
        BinaryPrimitives.WriteUInt32LittleEndian(block, PcapngBlock.InterfaceStatistics);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], interfaceIndex);
        WriteStamp(block[12..], source.LastNs);
        var at = 20;
        if (source.Packets > 0)
        {
            WriteOptionHead(block[at..], 2, 8);
            WriteStamp(block[(at + OptionHead)..], source.FirstNs);
            WriteOptionHead(block[(at + 12)..], 3, 8);
            WriteStamp(block[(at + 12 + OptionHead)..], source.LastNs);
            at += 24;
        }

        at += WriteCount(block[at..], 4, received);
        at += WriteCount(block[at..], 5, dropped);
        WriteOptionHead(block[at..], PcapngBlock.EndOfOptions, 0);
        at += OptionHead + 4;
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], at);
        BinaryPrimitives.WriteInt32LittleEndian(block[(at - 4)..], at);
        _used += at;
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

    private static void WriteOptionHead(Span<byte> target, ushort code, ushort length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, code);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], length);
    }

    private static int WriteCount(Span<byte> target, ushort code, long? count)
    {
        if (count is not { } value) return 0;
        WriteOptionHead(target, code, 8);
        BinaryPrimitives.WriteInt64LittleEndian(target[OptionHead..], value);
        return OptionHead + 8;
    }

    /// <summary>The comment and the end of the options; cut between characters.</summary>
    /// <returns>Bytes written.</returns>
    private static int WriteComment(Span<byte> target, string? comment)
    {
        var room = Math.Min(MaxCommentLength, target.Length - (2 * OptionHead) - 4);
        _ = Utf8.FromUtf16(comment, target.Slice(OptionHead, room), out _, out var length, replaceInvalidSequences: true);
        WriteOptionHead(target, PcapngBlock.Comment, (ushort)length);
        var padded = (length + 3) & ~3;
        target[(OptionHead + length)..(OptionHead + padded)].Clear();
        WriteOptionHead(target[(OptionHead + padded)..], PcapngBlock.EndOfOptions, 0);
        return (2 * OptionHead) + padded;
    }

    /// <summary>Cut to what an option and the buffer hold with room to spare.</summary>
    private static byte[] Text(string? text) =>
        text is null ? [] : Encoding.UTF8.GetBytes(text.Length > MaxTextLength ? text[..MaxTextLength] : text);

    /// <summary>Makes room for a block at the end of the buffer, which grows where one block needs more than all of it.</summary>
    private Span<byte> Reserve(int length)
    {
        if (_used + length > _buffer.Length) Flush();
        if (length > _buffer.Length) _buffer = new byte[length];
        return _buffer.AsSpan(_used, length);
    }

    private void WriteSectionHeader(PcapngSection section)
    {
        Span<byte> fixedPart = stackalloc byte[16];
        fixedPart.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart, PcapngBlock.ByteOrderMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(fixedPart[4..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart[8..], -1); // Section length unknown.
        WriteBlock(
            PcapngBlock.SectionHeader,
            fixedPart,
            [(PcapngBlock.Comment, Text(section.Comment)), (2, Text(section.Hardware)), (3, Text(section.OperatingSystem)), (4, Text(section.Application))]);
    }

    private void WriteBlock(uint type, ReadOnlySpan<byte> fixedPart, ReadOnlySpan<(ushort Code, byte[] Value)> options)
    {
        var length = 12 + fixedPart.Length + OptionHead;
        foreach (var (_, value) in options) length += value.Length == 0 ? 0 : OptionHead + ((value.Length + 3) & ~3);
        var block = Reserve(length);
        block.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        fixedPart.CopyTo(block[8..]);
        var at = 8 + fixedPart.Length;
        foreach (var (code, value) in options)
        {
            if (value.Length == 0) continue;
            WriteOptionHead(block[at..], code, (ushort)value.Length);
            value.CopyTo(block[(at + OptionHead)..]);
            at += OptionHead + ((value.Length + 3) & ~3);
        }

        BinaryPrimitives.WriteInt32LittleEndian(block[^4..], length);
        _used += length;
    }

    private struct Source
    {
        public int SnapLength;
        public long Packets;
        public long FirstNs;
        public long LastNs;
    }
}
