namespace FailoverLab.Linux;

/// <summary>
/// Walks the control data of a received message.
/// <code>
///  0             8       12      16
/// +-------------+-------+-------+----------------------+
/// | length      | level | type  | data, padded to 8    |
/// +-------------+-------+-------+----------------------+
/// </code>
/// </summary>
internal static class ControlMessage
{
    private const int HeaderSize = 16;

    /// <summary>The kernel's receive stamp, CLOCK_REALTIME ns; 0 when the message has none.</summary>
    internal static long ReadTimestampNs(ReadOnlySpan<byte> control) =>
        Find(control, SocketOption.LevelSocket, SocketOption.TimestampNs) is { Length: >= 16 } stamp
            ? (BitConverter.ToInt64(stamp) * 1_000_000_000) + BitConverter.ToInt64(stamp[8..])
            : 0;

    /// <summary>Bytes of each datagram of a received train; 0 when it is a single datagram.</summary>
    internal static int ReadSegmentSize(ReadOnlySpan<byte> control) =>
        Find(control, SocketOption.LevelUdp, SocketOption.UdpCoalesce) is { Length: >= 4 } size ? BitConverter.ToInt32(size) : 0;

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> control, int level, int type)
    {
        while (control.Length >= HeaderSize)
        {
            var length = (int)BitConverter.ToInt64(control);
            if (length < HeaderSize || length > control.Length)
            {
                return [];
            }

            if (BitConverter.ToInt32(control[8..]) == level && BitConverter.ToInt32(control[12..]) == type)
            {
                return control[HeaderSize..length];
            }

            control = control[Math.Min(control.Length, (length + 7) & ~7)..];
        }

        return [];
    }
}
