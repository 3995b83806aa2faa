using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using FailoverLab.Linux;

namespace FailoverLab.Packets;

/// <summary>
/// The block format: every block is type, total length, body, total length again. A section header sets the byte order and
/// forgets the interfaces of the section before; unknown blocks are skipped by their length.
/// </summary>
/// <remarks>Source: draft-ietf-opsawg-pcapng.</remarks>
internal sealed class PcapngReader : CaptureReader
{
    private const int BodyStart = 8;
    // The longest packet with options to spare.
    private const uint MaxBlockLength = MaxCapturedLength + (1 << 20);

    // Where packet blocks begin is guessed by so many in a row; a longer packet than is searched is rare.
    private const int BlocksToBelieve = 4;
    private const int SearchedBytes = 1 << 17;

    // So that what is remembered of interfaces stays below 200 MB, whatever the file claims.
    private const int MaxInterfaces = 1 << 18;
    private const int MaxNameLength = 256;

    // So that the counts of all interfaces together fit 63 bits.
    private const long MaxCount = long.MaxValue / MaxInterfaces;

    private readonly List<CaptureInterface> _interfaces = [];
    private readonly List<PcapngInterface> _sources = [];
    private bool _bigEndian;
    private bool _isSimple;
    private int _sectionBase;
    private int _epoch;

    private PcapngReader(ReadWindow window)
        : base(window)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    /// <inheritdoc/>
    internal override int Epoch => _epoch;

    /// <inheritdoc/>
    internal override bool IsUnstamped => _isSimple;

    /// <summary>Starts reading, if the window stands at a section header; else leaves it untouched.</summary>
    public static PcapngReader? Start(ReadWindow window)
    {
        var start = window.Peek(PcapngBlock.Frame);
        if (start.Length < PcapngBlock.Frame || BinaryPrimitives.ReadUInt32LittleEndian(start) != PcapngBlock.SectionHeader) return null;
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        return IsByteOrderMagic(magic) ? new PcapngReader(window) : null;
    }

    /// <inheritdoc/>
    private protected override CaptureReader Over(ReadWindow window)
    {
        var branch = new PcapngReader(window) { _bigEndian = _bigEndian, _sectionBase = _sectionBase, _epoch = _epoch };
        branch._interfaces.AddRange(_interfaces);
        branch._sources.AddRange(_sources);
        return branch;
    }

    /// <inheritdoc/>
    internal override long FindRecord(long offset)
    {
        var end = Mapping!.Length;
        for (var at = (offset + 3) & ~3L; at < Math.Min(end, offset + SearchedBytes); at += 4)
        {
            if (_bigEndian ? IsChain<BigEndian>(at, end) : IsChain<LittleEndian>(at, end)) return at;
        }

        return -1;
    }

    /// <summary>Whether some packet blocks seem to follow one another from a place on: each tells its length twice.</summary>
    private bool IsChain<TOrder>(long at, long end)
        where TOrder : struct, IByteOrder
    {
        for (var block = 0; block < BlocksToBelieve && (block == 0 || at < end); block++)
        {
            if (end - at < PcapngBlock.EnhancedHead + 4) return false;
            var head = Mapping!.Slice(at, PcapngBlock.EnhancedHead);
            var length = TOrder.UInt32(head[4..]);
            if (TOrder.UInt32(head) != PcapngBlock.EnhancedPacket || length is < PcapngBlock.EnhancedHead + 4 or > MaxBlockLength || length > end - at) return false;
            if (TOrder.UInt32(Mapping.Slice(at + length - 4, 4)) != length) return false;
            at += length;
        }

        return true;
    }

    /// <inheritdoc/>
    private protected override int Decode(Span<PacketSlot> slots)
    {
        while (Fault is null)
        {
            var count = DecodeInOrder(slots);
            _isSimple = false;
            if (count > 0) return count;
            if (IsAtLimit) return 0;
            if (IsBranch) return TryFetchPacket() ? DecodeInOrder(slots) : 0;
            if (Window.AtEnd) return 0;
            var before = Window.Position;
            if (_bigEndian ? TryReadBlock<BigEndian>(out slots[0]) : TryReadBlock<LittleEndian>(out slots[0])) return 1;
            Debug.Assert(Fault is not null || Window.Position > before, "a block was read without moving on");
        }

        return 0;
    }

    private int DecodeInOrder(Span<PacketSlot> slots) => _bigEndian ? DecodeAvailable<BigEndian>(slots) : DecodeAvailable<LittleEndian>(slots);

    /// <summary>Brings an enhanced packet block whole into the window, if that is what comes next.</summary>
    private bool TryFetchPacket()
    {
        var head = Window.Peek(BodyStart);
        if (head.Length < BodyStart) return false;
        var (type, length) = _bigEndian ? (BigEndian.UInt32(head), BigEndian.UInt32(head[4..])) : (LittleEndian.UInt32(head), LittleEndian.UInt32(head[4..]));
        return type == PcapngBlock.EnhancedPacket && length <= MaxBlockLength && Window.Peek((int)length).Length == length;
    }

    /// <summary>The enhanced packet blocks that lie whole in the window, up to the first block that needs more thought.</summary>
    private int DecodeAvailable<TOrder>(Span<PacketSlot> slots)
        where TOrder : struct, IByteOrder
    {
        var bytes = Window.Available;
        var place = Window.Place + PcapngBlock.EnhancedHead;
        var sectionBase = _sectionBase;
        var sources = CollectionsMarshal.AsSpan(_sources)[sectionBase..];
        var at = 0;
        var count = 0;
        var ahead = PrefetchDistance;
        var last = Math.Min(bytes.Length - PcapngBlock.EnhancedHead - 4, Limit - 1 - Window.Position);
        while (count < slots.Length && at <= last)
        {
            for (; ahead < at + PrefetchDistance && ahead < bytes.Length; ahead += CacheLine.Size) CacheLine.Prefetch(in bytes[ahead]);
            var head = bytes.Slice(at, PcapngBlock.EnhancedHead);
            var length = TOrder.UInt32(head[4..]);
            var id = TOrder.UInt32(head[8..]);
            var captured = TOrder.UInt32(head[20..]);
            if (TOrder.UInt32(head) != PcapngBlock.EnhancedPacket
                || id >= (uint)sources.Length
                || length > Math.Min((uint)(bytes.Length - at), MaxBlockLength)
                || length % 4 != 0
                || captured + (ulong)PcapngBlock.EnhancedHead + 4 > length
                || TOrder.UInt32(bytes.Slice(at + (int)length - 4, 4)) != length)
            {
                break;
            }

            ref readonly var source = ref sources[(int)id];
            var ticks = ((ulong)TOrder.UInt32(head[12..]) << 32) | TOrder.UInt32(head[16..]);
            slots[count++] = new PacketSlot(
                source.ToNs(ticks),
                place + at,
                (int)captured,
                (int)Math.Clamp(TOrder.UInt32(head[24..]), captured, int.MaxValue),
                sectionBase + (int)id,
                source.LinkType);
            at += (int)length;
        }

        Window.Advance(at);
        return count;
    }

    /// <summary>Reads one block of any kind whole, or skips one that is not needed, so that its size does not matter.</summary>
    /// <returns>Whether it was a packet.</returns>
    private bool TryReadBlock<TOrder>(out PacketSlot slot)
        where TOrder : struct, IByteOrder
    {
        slot = default;
        var head = Window.Peek(PcapngBlock.Frame);
        if (head.Length < PcapngBlock.Frame) return Stop("the file ends inside a block header");
        var type = TOrder.UInt32(head);
        if (type == PcapngBlock.SectionHeader) return StartSection(head);
        var length = TOrder.UInt32(head[4..]);
        if (!IsLength(length)) return Stop($"a block claims {length} bytes");
        if (type is not (PcapngBlock.EnhancedPacket or PcapngBlock.Packet or PcapngBlock.SimplePacket
            or PcapngBlock.InterfaceDescription or PcapngBlock.InterfaceStatistics))
        {
            Skip(length);
            return false;
        }

        if (length > MaxBlockLength) return Stop($"a packet block claims {length} bytes");
        var block = Window.Peek((int)length);
        if (block.Length < length) return Stop("the file ends inside a block");
        if (TOrder.UInt32(block[^4..]) != length) return Stop("the two lengths of a block differ");
        var place = Window.Place + BodyStart;
        Window.Advance(block.Length);
        var body = block[BodyStart..^4];
        switch (type)
        {
            case PcapngBlock.EnhancedPacket:
                return TryMake<TOrder>(body, place, body.Length < 4 ? 0 : TOrder.UInt32(body), out slot);
            case PcapngBlock.Packet:
                // As the enhanced block, but with 16 bits of interface id and 16 bits of drop count.
                return TryMake<TOrder>(body, place, body.Length < 2 ? 0u : TOrder.UInt16(body), out slot);
            case PcapngBlock.SimplePacket:
                return TryMakeSimple<TOrder>(body, place, out slot);
            case PcapngBlock.InterfaceDescription:
                ReadInterface<TOrder>(body);
                return false;
            default:
                ReadStatistics<TOrder>(body);
                return false;
        }
    }

    /// <summary>Options follow the data, which is padded to 4; simple packets have none.</summary>
    private protected override string? CommentOf(in PacketSlot slot)
    {
        if (_isSimple) return null;
        var head = Window.Slice(slot.Place - PcapngBlock.EnhancedHead, PcapngBlock.EnhancedHead);
        var length = _bigEndian ? BigEndian.UInt32(head[4..]) : LittleEndian.UInt32(head[4..]);
        var skipped = (slot.Captured + 3) & ~3;
        var rest = (int)length - PcapngBlock.EnhancedHead - skipped - 4;
        if (rest <= 0) return null;
        string? comment = null;
        var options = new PcapngOptions(Window.Slice(slot.Place + skipped, rest), _bigEndian);
        while (options.TryReadNext(out var code, out var value))
        {
            if (code != PcapngBlock.Comment) continue;
            var text = Encoding.UTF8.GetString(value);
            comment = comment is null ? text : $"{comment}\n{text}";
        }

        return comment;
    }

    private bool Stop(string reason)
    {
        Fault = $"{reason} at offset {Window.Position}; the rest of the file was not read";
        return false;
    }

    private void Skip(uint length)
    {
        if (!Window.TrySkip(length)) _ = Stop("the file ends inside a block");
    }

    /// <summary>Takes the byte order of a new section and forgets the interfaces of the one before.</summary>
    /// <returns><see langword="false"/>, as this is no packet.</returns>
    private bool StartSection(ReadOnlySpan<byte> head)
    {
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (!IsByteOrderMagic(magic)) return Stop("a section header has an unknown byte order mark");
        _bigEndian = magic != PcapngBlock.ByteOrderMagic;
        _sectionBase = _interfaces.Count;
        _epoch++;
        var length = _bigEndian ? BigEndian.UInt32(head[4..]) : LittleEndian.UInt32(head[4..]);
        if (!IsLength(length)) return Stop($"a section header claims {length} bytes");
        Skip(length);
        return false;
    }

    private void ReadInterface<TOrder>(ReadOnlySpan<byte> body)
        where TOrder : struct, IByteOrder
    {
        if (body.Length < 8 || _interfaces.Count == MaxInterfaces)
        {
            _ = Stop(body.Length < 8 ? "an interface is described in too few bytes" : $"more than {MaxInterfaces} interfaces are described");
            return;
        }

        string? name = null;
        var clock = PcapngClock.Microseconds;
        var options = new PcapngOptions(body[8..], _bigEndian);
        while (options.TryReadNext(out var code, out var value))
        {
            clock = clock.With(code, value, _bigEndian);
            if (code == PcapngBlock.InterfaceName) name = Encoding.UTF8.GetString(value[..Math.Min(value.Length, MaxNameLength)]);
        }

        var linkType = (CaptureLinkType)TOrder.UInt16(body);
        _epoch++;
        _interfaces.Add(new CaptureInterface
        {
            Name = string.IsNullOrEmpty(name) ? null : name,
            LinkType = linkType,
            SnapLength = TOrder.UInt32(body[4..]),
        });
        _sources.Add(new PcapngInterface(clock, linkType));
    }

    private void ReadStatistics<TOrder>(ReadOnlySpan<byte> body)
        where TOrder : struct, IByteOrder
    {
        if (body.Length < 12 || !TryFindInterface(TOrder.UInt32(body), out var index)) return;
        long? received = null;
        long? dropped = null;
        var options = new PcapngOptions(body[12..], _bigEndian);
        while (options.TryReadNext(out var code, out var value))
        {
            if (value.Length != 8) continue;
            var count = (long)Math.Min(TOrder.UInt64(value), MaxCount);
            if (code == 4) received = count;
            if (code is 5 or 7) dropped = Math.Min(MaxCount, (dropped ?? 0) + count);
        }

        _interfaces[index].Received = received ?? _interfaces[index].Received;
        _interfaces[index].Dropped = dropped ?? _interfaces[index].Dropped;
    }

    /// <summary>Interface id, stamp high and low, captured and original length, data, options.</summary>
    private bool TryMake<TOrder>(ReadOnlySpan<byte> body, long place, uint interfaceId, out PacketSlot slot)
        where TOrder : struct, IByteOrder
    {
        slot = default;
        if (body.Length < 20) return PassOver("its block is too short");
        var captured = TOrder.UInt32(body[12..]);
        if (!TryFindInterface(interfaceId, out var index)) return PassOver($"it names interface {interfaceId}, which was not described");
        if (captured > body.Length - 20) return PassOver("it is longer than its block");
        var ticks = ((ulong)TOrder.UInt32(body[4..]) << 32) | TOrder.UInt32(body[8..]);
        slot = new PacketSlot(
            _sources[index].ToNs(ticks),
            place + 20,
            (int)captured,
            (int)Math.Clamp(TOrder.UInt32(body[16..]), captured, int.MaxValue),
            index,
            _sources[index].LinkType);
        return true;
    }

    private bool TryMakeSimple<TOrder>(ReadOnlySpan<byte> body, long place, out PacketSlot slot)
        where TOrder : struct, IByteOrder
    {
        slot = default;
        if (body.Length < 4) return PassOver("its block is too short");
        if (!TryFindInterface(0, out var index)) return PassOver("no interface was described");
        var original = TOrder.UInt32(body);
        var snap = _interfaces[index].SnapLength == 0 ? uint.MaxValue : _interfaces[index].SnapLength;
        var captured = (int)Math.Min(Math.Min(original, snap), (uint)(body.Length - 4));
        _isSimple = true;
        slot = new PacketSlot(0, place + 4, captured, (int)Math.Min(original, int.MaxValue), index, _interfaces[index].LinkType);
        return true;
    }

    private bool TryFindInterface(uint id, out int index)
    {
        index = _sectionBase + (int)Math.Min(id, int.MaxValue / 2);
        return index < _interfaces.Count;
    }

    private static bool IsLength(uint length) => length >= PcapngBlock.Frame && length % 4 == 0;

    private static bool IsByteOrderMagic(uint magic) =>
        magic == PcapngBlock.ByteOrderMagic || BinaryPrimitives.ReverseEndianness(magic) == PcapngBlock.ByteOrderMagic;
}
