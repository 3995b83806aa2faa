using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>
/// Walks a list of pcapng options: code (2 bytes), length (2 bytes), value padded to 4. Ends at <c>opt_endofopt</c>, at the end of
/// the bytes, or before an option that does not fit.
/// </summary>
internal ref struct PcapngOptions(ReadOnlySpan<byte> options, bool bigEndian)
{
    private ReadOnlySpan<byte> _rest = options;

    /// <summary>Reads the next option.</summary>
    public bool TryReadNext(out ushort code, out ReadOnlySpan<byte> value)
    {
        code = PcapngBlock.EndOfOptions;
        value = default;
        if (_rest.Length < 4) return false;
        code = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_rest) : BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        var length = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) : BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]);
        if (code == PcapngBlock.EndOfOptions || length > _rest.Length - 4) return false;
        value = _rest.Slice(4, length);
        _rest = _rest[Math.Min(_rest.Length, 4 + ((length + 3) & ~3))..];
        return true;
    }
}
