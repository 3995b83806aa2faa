namespace FailoverLab.Hosts;

/// <summary>The checksum of the POSIX <c>cksum</c> tool: CRC-32 (polynomial 0x04C11DB7, most significant bit first) over the bytes and then their number.</summary>
internal static class PosixChecksum
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    /// <summary>The checksum of a stream from where it stands to its end.</summary>
    public static async Task<uint> OfAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var (crc, length) = (0u, 0L);
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            foreach (var b in buffer.AsSpan(0, read))
            {
                crc = Add(crc, b);
            }

            length += read;
        }

        for (; length > 0; length >>= 8)
        {
            crc = Add(crc, (byte)length);
        }

        return ~crc;
    }

    private static uint Add(uint crc, byte b) => (crc << 8) ^ Table[(crc >> 24) ^ b];

    private static uint Entry(int index)
    {
        var crc = (uint)index << 24;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 0x8000_0000) != 0 ? (crc << 1) ^ 0x04C1_1DB7 : crc << 1;
        }

        return crc;
    }
}
