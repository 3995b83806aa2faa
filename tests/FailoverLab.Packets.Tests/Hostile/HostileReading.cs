namespace FailoverLab.Packets.Tests;

/// <summary>Reads a file that may be anything, as the analysis would and more; anything but an orderly end throws.</summary>
internal static class HostileReading
{
    // Buffers, the two sizes of batches, words of a fault; and for each byte a name or an interface of so many.
    private const long StartBytes = 40_000;
    private const long PerByte = 40;

    /// <summary>Reads a file that lies in memory, and checks that it takes memory in proportion.</summary>
    /// <param name="file">The file.</param>
    /// <param name="length">Bytes of it.</param>
    public static (int Packets, ulong Hash) Read(byte[] file, int length)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = Read(new MemoryStream(file, 0, length, writable: false), length);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= StartBytes + (PerByte * length) ? read : throw new InvalidOperationException($"{allocated} bytes allocated for {length}");
    }

    /// <summary>Opens and reads a file to its end through every header view, touching the ends of every view given out.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="content">Bytes that can come out of it: more than the file has, where it is compressed.</param>
    /// <param name="minMapped">From which size it is mapped.</param>
    /// <returns>Packets read, -1 = no capture; and what was in them.</returns>
    public static (int Packets, ulong Hash) Read(Stream stream, int length, long? content = null, long minMapped = long.MaxValue)
    {
        var limit = content ?? length;
        if (!CaptureReader.TryOpen(stream, minMapped, out var reader, out var error))
        {
            if (string.IsNullOrEmpty(error)) throw new InvalidOperationException("refused without a reason");
            return (-1, 0);
        }

        using (reader)
        {
            var packets = 0;
            var bytes = 0L;
            var hash = 14695981039346656037UL;
            while (reader.TryReadNext(out var packet))
            {
                // The smallest packet is an empty simple block; a reader that gives more than fit has stopped moving.
                if (++packets > limit / 16) throw new InvalidOperationException("more packets than fit into the file");
                bytes += packet.Data.Length;
                if (bytes > limit) throw new InvalidOperationException("more data than the file holds");
                if (packet.OriginalLength < packet.Data.Length || packet.InterfaceIndex >= reader.Interfaces.Count) throw new InvalidOperationException("contradiction");
                if (packet.StampNs is < 0 or > PcapngClock.MaxNs) throw new InvalidOperationException("a stamp outside the century");
                hash = Fold(hash, packet.Data) ^ (ulong)packet.StampNs ^ (uint)packet.OriginalLength ^ ((ulong)packet.InterfaceIndex << 40);
                if ((packets & 3) == 1) hash ^= (ulong)(reader.ReadComment()?.Length ?? 0);
                Look(packet.LinkType, packet.Data);
            }

            if (reader.TryReadNext(out _)) throw new InvalidOperationException("a packet after the end");
            return (packets, Fold(hash, System.Text.Encoding.UTF8.GetBytes(reader.Fault ?? "")));
        }
    }

    /// <summary>Every view of one frame.</summary>
    public static void Look(CaptureLinkType linkType, ReadOnlySpan<byte> frame)
    {
        _ = ProbeSighting.TryRead(linkType, frame, out _);
        if (!Frame.TryReadIp(linkType, frame, out var bytes)) return;
        Touch(bytes);
        if (!IpPacket.TryRead(bytes, out var ip)) return;
        Touch(ip.Source);
        Touch(ip.Destination);
        Touch(ip.Payload);
        if (ip.WirePayloadLength < 0 || ip.FragmentOffset < 0) throw new InvalidOperationException("a negative length");
        if (TcpSegment.TryRead(ip, out var segment))
        {
            Touch(segment.Options);
            Touch(segment.Payload);
            if (segment.WirePayloadLength < 0) throw new InvalidOperationException("a negative length");
        }

        if (IcmpEcho.TryRead(ip, out var echo) && echo.WirePayloadLength < 0) throw new InvalidOperationException("a negative length");
        if (!UdpDatagram.TryRead(ip, out var datagram)) return;
        Touch(datagram.Payload);
        if (datagram.WirePayloadLength < datagram.Payload.Length) throw new InvalidOperationException("longer than sent");
        _ = RtpHeader.TryRead(datagram.Payload, out _);
        _ = Iperf3UdpHeader.TryRead(datagram.Payload, out _);
    }

    private static ulong Fold(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes) hash = (hash ^ value) * 1099511628211;
        return hash;
    }

    private static void Touch(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && bytes[0] + bytes[^1] < 0) throw new InvalidOperationException("never");
    }
}
