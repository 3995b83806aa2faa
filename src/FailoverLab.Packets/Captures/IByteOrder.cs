namespace FailoverLab.Packets;

/// <summary>
/// The order of a file's bytes as a type parameter, so that a loop over packets is compiled once for each order and decides nothing per word.
/// </summary>
internal interface IByteOrder
{
    /// <summary>The first two bytes.</summary>
    static abstract ushort UInt16(ReadOnlySpan<byte> bytes);

    /// <summary>The first four bytes.</summary>
    static abstract uint UInt32(ReadOnlySpan<byte> bytes);

    /// <summary>The first eight bytes.</summary>
    static abstract ulong UInt64(ReadOnlySpan<byte> bytes);
}
