using System.Buffers.Binary;

namespace FailoverLab.Benchmarks;

/// <summary>Writes nanosecond pcap, the format the rivals read fastest.</summary>
internal sealed class PcapFile : IDisposable
{
    private readonly Stream _stream;
    private readonly byte[] _header = new byte[16];

    public PcapFile(Stream stream)
    {
        _stream = stream;
        Span<byte> start = stackalloc byte[24];
        start.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(start, 0xA1B23C4D);
        BinaryPrimitives.WriteUInt16LittleEndian(start[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(start[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(start[16..], 262_144);
        BinaryPrimitives.WriteUInt32LittleEndian(start[20..], 1);
        _stream.Write(start);
    }

    public void Write(long stampNs, ReadOnlySpan<byte> frame)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_header, (uint)(stampNs / 1_000_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(4), (uint)(stampNs % 1_000_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(_header.AsSpan(8), frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(_header.AsSpan(12), frame.Length);
        _stream.Write(_header);
        _stream.Write(frame);
    }

    public void Dispose() => _stream.Flush();
}
