namespace FailoverLab.Packets.Tests;

/// <summary>Everything a reader gave of a capture.</summary>
internal sealed record Drained(IReadOnlyList<Drained.Packet> Packets, IReadOnlyList<CaptureInterface> Interfaces, string? Fault)
{
    /// <summary>Reads a capture that must open.</summary>
    public static Drained Of(Stream stream)
    {
        Assert.That(CaptureReader.TryOpen(stream, out var reader, out var error), Is.True, error);
        using (reader)
        {
            var packets = new List<Packet>();
            while (reader!.TryReadNext(out var packet))
            {
                packets.Add(new Packet(
                    packet.StampNs, Convert.ToHexString(packet.Data), packet.OriginalLength, packet.InterfaceIndex, packet.LinkType, reader.ReadComment()));
            }

            return new Drained(packets, reader.Interfaces, reader.Fault);
        }
    }

    /// <summary>Reads a capture that must open.</summary>
    public static Drained Of(byte[] bytes) => Of(new MemoryStream(bytes));

    /// <summary>One packet, data as hexadecimal digits.</summary>
    internal sealed record Packet(long StampNs, string Data, int OriginalLength, int Interface, CaptureLinkType LinkType, string? Comment);
}
