using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>Cuts and joins TCP in memory for a moment, for the reason <see cref="WarmUp"/> has.</summary>
internal sealed class SegmentWarmUp : ISuperPacketOutput
{
    private const int Rounds = 40;
    private const int SegmentSize = 1000;
    private const int Segments = 10;
    private const int Headers = 40;

    private readonly byte[] _memory = new byte[Segments * (SegmentSize + Headers)];
    private readonly DatagramTrain _train = new(Segments * (SegmentSize + Headers), Segments);
    private readonly byte[] _uncut = new byte[Headers + (Segments * SegmentSize)];

    /// <summary>Takes a few milliseconds.</summary>
    public void Run()
    {
        (_uncut[0], _uncut[9], _uncut[32], _uncut[33]) = (0x45, 6, 0x50, 0x10);
        BinaryPrimitives.WriteUInt16BigEndian(_uncut.AsSpan(2), (ushort)_uncut.Length);
        var coalescer = new SegmentCoalescer(_memory, this);
        for (var round = 0; round < Rounds; round++)
        {
            var at = 0;
            _train.Clear();
            PacketSegments.TryOpen(_uncut, new OffloadHeader(OffloadHeader.NeedsChecksum, SegmentKind.TcpIPv4, Headers, SegmentSize, 20, 16), out var segments);
            while (segments.TryNext(_memory.AsSpan(at), out var length))
            {
                _train.TryAdd(_memory.AsSpan(at, length));
                coalescer.Add(new ByteRange(at, length));
                at += length;
            }

            coalescer.Flush();
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<ByteRange> parts, in OffloadHeader offload)
    {
    }
}
