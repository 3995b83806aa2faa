using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel;

/// <summary>
/// Puts TCP segments that follow each other together again, so that the kernel takes them in one pass: what <see cref="PacketSegments"/> cuts
/// comes back to the byte. Segments stay where they are in memory until they are written. Order within a connection is kept; everything
/// that is no plain data segment is written alone. Allocates nothing per packet. Not thread-safe.
/// </summary>
/// <param name="memory">Where all packets added are; the headers of first segments are changed in it.</param>
/// <param name="output">Takes the results.</param>
public sealed class SegmentCoalescer(byte[] memory, ISuperPacketOutput output)
{
    private const int MaxFlows = 8;

    private readonly SegmentRow[] _rows = [.. Enumerable.Range(0, MaxFlows).Select(_ => new SegmentRow())];
    private int _oldest;

    /// <summary>Adds a packet; it must stay in place until the next <see cref="Flush"/>.</summary>
    /// <param name="at">Where in the memory it is.</param>
    public void Add(ByteRange at)
    {
        if (!TcpSegmentView.TryRead(memory.AsSpan(at.Offset, at.Length), out var segment, out var isOther))
        {
            if (!isOther)
            {
                Flush();
            }

            Write(at);
            return;
        }

        var row = Find(segment);
        var mayJoin = segment.IsPlainData && segment.HasRightChecksums();
        if (mayJoin && row is not null && row.TryAppend(segment, View(row.First), at))
        {
            return;
        }

        row?.Write(memory, output);
        if (mayJoin)
        {
            (row ?? Free()).Begin(segment, at);
        }
        else
        {
            Write(at);
        }
    }

    /// <summary>Writes everything that waits.</summary>
    public void Flush()
    {
        foreach (var row in _rows)
        {
            if (row.Count > 0)
            {
                row.Write(memory, output);
            }
        }
    }

    private TcpSegmentView View(ByteRange at)
    {
        _ = TcpSegmentView.TryRead(memory.AsSpan(at.Offset, at.Length), out var segment, out _);
        return segment;
    }

    private SegmentRow? Find(in TcpSegmentView segment)
    {
        foreach (var row in _rows)
        {
            if (row.Count > 0 && row.Ports == segment.Ports && View(row.First).IsSameFlow(segment))
            {
                return row;
            }
        }

        return null;
    }

    private SegmentRow Free()
    {
        foreach (var row in _rows)
        {
            if (row.Count == 0)
            {
                return row;
            }
        }

        var oldest = _rows[_oldest];
        _oldest = (_oldest + 1) % MaxFlows;
        oldest.Write(memory, output);
        return oldest;
    }

    private void Write(ByteRange at)
    {
        ReadOnlySpan<ByteRange> parts = [at];
        output.Write(parts, default);
    }
}
