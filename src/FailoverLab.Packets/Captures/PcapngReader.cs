using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>
/// The block format: every block is type, total length, body, total length again. A section header sets the byte order and
/// forgets the interfaces of the section before; unknown blocks are skipped by their length.
/// </summary>
/// <remarks>Source: draft-ietf-opsawg-pcapng.</remarks>
internal sealed class PcapngReader : CaptureReader
{
    private readonly List<CaptureInterface> _interfaces = [];
    private readonly List<PcapngClock> _clocks = [];
    private bool _bigEndian;
    private int _sectionBase;

    private PcapngReader(ReadWindow window)
        : base(window)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    /// <summary>Starts reading, if the window stands at a section header; else leaves it untouched.</summary>
    public static PcapngReader? Start(ReadWindow window)
    {
        var start = window.Peek(PcapngBlock.Frame);
        if (start.Length < PcapngBlock.Frame || BinaryPrimitives.ReadUInt32LittleEndian(start) != PcapngBlock.SectionHeader) return null;
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        return magic == PcapngBlock.ByteOrderMagic || BinaryPrimitives.ReverseEndianness(magic) == PcapngBlock.ByteOrderMagic
            ? new PcapngReader(window)
            : null;
    }

    /// <inheritdoc/>
    public override bool TryReadNext(out CapturedPacket packet)
    {
        packet = default;
        while (Fault is null && !Window.AtEnd)
        {
            if (!TryReadBlock(out var type, out var body)) return false;
            switch (type)
            {
                case PcapngBlock.EnhancedPacket when TryReadEnhanced(body, out packet):
                case PcapngBlock.Packet when TryReadObsolete(body, out packet):
                case PcapngBlock.SimplePacket when TryReadSimple(body, out packet):
                    return true;
                case PcapngBlock.InterfaceDescription:
                    ReadInterface(body);
                    break;
                case PcapngBlock.InterfaceStatistics:
                    ReadStatistics(body);
                    break;
            }
        }

        return false;
    }

    /// <summary>Reads one block whole; a block of a kind not needed is skipped with an empty body, so that its size does not matter.</summary>
    private bool TryReadBlock(out uint type, out ReadOnlySpan<byte> body)
    {
        body = default;
        type = 0;
        var head = Window.Peek(PcapngBlock.Frame);
        if (head.Length < PcapngBlock.Frame) return Stop("the file ends inside a block header");
        type = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (type == PcapngBlock.SectionHeader && !TryStartSection(head)) return Stop("a section header has an unknown byte order mark");

        type = ReadUInt32(head);
        var length = ReadUInt32(head[4..]);
        if (length < PcapngBlock.Frame || length % 4 != 0) return Stop($"a block claims {length} bytes");
        if (type is not (PcapngBlock.EnhancedPacket or PcapngBlock.Packet or PcapngBlock.SimplePacket
            or PcapngBlock.InterfaceDescription or PcapngBlock.InterfaceStatistics))
        {
            return Window.TrySkip(length) || Stop("the file ends inside a block");
        }

        if (length > MaxCapturedLength) return Stop($"a packet block claims {length} bytes");
        var block = Window.Peek((int)length);
        if (block.Length < length) return Stop("the file ends inside a block");
        if (ReadUInt32(block[^4..]) != length) return Stop("the two lengths of a block differ");
        Window.Advance(block.Length);
        body = block[8..^4];
        return true;
    }

    private bool Stop(string reason)
    {
        Fault = $"{reason} at offset {Window.Position}; the rest of the file was not read";
        return false;
    }

    private bool TryStartSection(ReadOnlySpan<byte> head)
    {
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        _bigEndian = magic != PcapngBlock.ByteOrderMagic;
        _sectionBase = _interfaces.Count;
        return !_bigEndian || BinaryPrimitives.ReverseEndianness(magic) == PcapngBlock.ByteOrderMagic;
    }

    private void ReadInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8) return;
        string? name = null;
        var clock = PcapngClock.Microseconds;
        var options = new PcapngOptions(body[8..], _bigEndian);
        while (options.TryReadNext(out var code, out var value))
        {
            clock = clock.With(code, value, _bigEndian);
            if (code == 2) name = System.Text.Encoding.UTF8.GetString(value);
        }

        _interfaces.Add(new CaptureInterface
        {
            Name = string.IsNullOrEmpty(name) ? null : name,
            LinkType = (CaptureLinkType)ReadUInt16(body),
            SnapLength = ReadUInt32(body[4..]),
        });
        _clocks.Add(clock);
    }

    private void ReadStatistics(ReadOnlySpan<byte> body)
    {
        if (body.Length < 12 || !TryFindInterface(ReadUInt32(body), out var index)) return;
        long? received = null;
        long? dropped = null;
        var options = new PcapngOptions(body[12..], _bigEndian);
        while (options.TryReadNext(out var code, out var value))
        {
            if (value.Length != 8) continue;
            var count = (long)(_bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(value) : BinaryPrimitives.ReadUInt64LittleEndian(value));
            if (code == 4) received = count;
            if (code is 5 or 7) dropped = (dropped ?? 0) + count;
        }

        _interfaces[index].Received = received ?? _interfaces[index].Received;
        _interfaces[index].Dropped = dropped ?? _interfaces[index].Dropped;
    }

    /// <summary>Interface id, stamp high and low, captured and original length, data, options.</summary>
    private bool TryReadEnhanced(ReadOnlySpan<byte> body, out CapturedPacket packet)
    {
        packet = default;
        return body.Length >= 20 && TryMake(body, ReadUInt32(body), out packet);
    }

    /// <summary>As the enhanced block, but with 16 bits of interface id and 16 bits of drop count.</summary>
    private bool TryReadObsolete(ReadOnlySpan<byte> body, out CapturedPacket packet)
    {
        packet = default;
        return body.Length >= 20 && TryMake(body, ReadUInt16(body), out packet);
    }

    private bool TryMake(ReadOnlySpan<byte> body, uint interfaceId, out CapturedPacket packet)
    {
        packet = default;
        var captured = ReadUInt32(body[12..]);
        if (!TryFindInterface(interfaceId, out var index) || captured > body.Length - 20) return false;
        var stamp = ((ulong)ReadUInt32(body[4..]) << 32) | ReadUInt32(body[8..]);
        packet = new CapturedPacket(
            _clocks[index].ToNs(stamp),
            body.Slice(20, (int)captured),
            (int)Math.Min(ReadUInt32(body[16..]), int.MaxValue),
            index,
            _interfaces[index].LinkType);
        return true;
    }

    private bool TryReadSimple(ReadOnlySpan<byte> body, out CapturedPacket packet)
    {
        packet = default;
        if (body.Length < 4 || !TryFindInterface(0, out var index)) return false;
        var original = ReadUInt32(body);
        var snap = _interfaces[index].SnapLength == 0 ? uint.MaxValue : _interfaces[index].SnapLength;
        var captured = (int)Math.Min(Math.Min(original, snap), (uint)(body.Length - 4));
        packet = new CapturedPacket(0, body.Slice(4, captured), (int)Math.Min(original, int.MaxValue), index, _interfaces[index].LinkType);
        return true;
    }

    private bool TryFindInterface(uint id, out int index)
    {
        index = _sectionBase + (int)Math.Min(id, int.MaxValue / 2);
        return index < _interfaces.Count;
    }

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ushort ReadUInt16(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
