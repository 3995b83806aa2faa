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
    internal static long ReadTimestampNs(ReadOnlySpan<byte> control)
    {
        while (control.Length >= HeaderSize)
        {
            var length = (int)BitConverter.ToInt64(control);
            if (length < HeaderSize || length > control.Length)
            {
                return 0;
            }

            var level = BitConverter.ToInt32(control[8..]);
            var type = BitConverter.ToInt32(control[12..]);
            if (level == SocketOption.LevelSocket && type == SocketOption.TimestampNs && length >= HeaderSize + 16)
            {
                return (BitConverter.ToInt64(control[HeaderSize..]) * 1_000_000_000) + BitConverter.ToInt64(control[(HeaderSize + 8)..]);
            }

            control = control[Math.Min(control.Length, (length + 7) & ~7)..];
        }

        return 0;
    }
}
