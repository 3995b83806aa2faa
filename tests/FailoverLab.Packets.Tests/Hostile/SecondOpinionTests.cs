using System.Globalization;
using System.IO.Compression;
using FailoverLab.Testing;

namespace FailoverLab.Packets.Tests;

/// <summary>What Wireshark reads from the same valid files: counts, stamps, lengths, and the headers inside.</summary>
public sealed class SecondOpinionTests
{
    [TestCase("pcap")]
    [TestCase("nsecpcap")]
    [TestCase("pcapng")]
    public void TryReadNext_CorpusConvertedByEditcap_CountsTheSame(string format)
    {
        foreach (var (name, bytes, packets) in Corpus.Files)
        {
            // editcap writes no file without packets, no pcap with two link types, and mixes up the interfaces of several sections.
            var linkTypes = Drained.Of(bytes).Packets.Select(p => p.LinkType).Distinct().Count();
            if (linkTypes == 0 || (format != "pcapng" && linkTypes > 1) || name == Corpus.Sections) continue;
            var converted = CaptureTool.Run("editcap", bytes, "-F", format, "-s", "60", "{file}", "{out}").Written;
            var read = Drained.Of(converted);
            Assert.That((read.Packets.Count, read.Fault), Is.EqualTo((packets, (string?)null)), name);
            Assert.That(read.Packets.Select(p => p.Data.Length / 2), Has.All.LessThanOrEqualTo(60), name);
        }
    }

    [Test]
    public void TryReadNext_Corpus_CountsAsCapinfosDoes()
    {
        foreach (var (name, bytes, packets) in Corpus.Files)
        {
            Assert.That(CaptureTool.Count(bytes), Is.EqualTo(packets), name);
            Assert.That(Drained.Of(bytes).Packets, Has.Count.EqualTo(packets), name);
        }
    }

    /// <summary>Packets, earliest and latest stamp of a file, as it is and compressed.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void TryReadNext_Corpus_SpansTheTimeThatCapinfosSays(bool compressed)
    {
        foreach (var (name, plain, packets) in Corpus.Files)
        {
            var bytes = compressed ? Gzip(plain) : plain;
            var columns = CaptureTool.Run("capinfos", bytes, "-T", "-r", "-M", "-S", "-c", "-a", "-e", "{file}").Text.Trim().Split('\t')[1..];
            Assert.That(Drained.Of(bytes).Packets, Has.Count.EqualTo(packets), name);

            // capinfos gives no times where a packet has none, as in a simple packet block; how many digits it shows depends on the file.
            var stamps = Drained.Of(bytes).Packets.Select(p => p.StampNs).ToList();
            var isKnown = stamps.Count > 0 && !stamps.Contains(0);
            string[] expected = [$"{packets}", isKnown ? Seconds(stamps.Min())[..columns[1].Length] : "n/a", isKnown ? Seconds(stamps.Max())[..columns[2].Length] : "n/a"];
            Assert.That(columns, Is.EqualTo(expected), name);
        }
    }

    /// <summary>Count, first and last stamp of each interface.</summary>
    [Test]
    public void TryReadNext_Corpus_KnowsTheInterfacesThatTsharkKnows()
    {
        // Ours are numbered through all sections: the corpus' first two have two each.
        ReadOnlySpan<int> before = [0, 2, 4];
        foreach (var (name, bytes, _) in Corpus.Files.Where(f => f.Packets > 1 && f.Name.StartsWith("pcapng", StringComparison.Ordinal)))
        {
            var lines = Fields(bytes, "frame.section_number", "frame.interface_id", "frame.time_epoch");
            var read = Drained.Of(bytes).Packets;
            foreach (var line in lines) line[1] = $"{before[int.Parse(line[0], CultureInfo.InvariantCulture) - 1] + int.Parse(line[1], CultureInfo.InvariantCulture)}";
            var theirs = lines.GroupBy(l => l[1]).Select(g => $"{g.Key}: {g.Count()} from {g.First()[2]} to {g.Last()[2]}");
            var ours = read.GroupBy(p => p.Interface).Select(g => $"{g.Key}: {g.Count()} from {Seconds(g.First().StampNs)} to {Seconds(g.Last().StampNs)}");
            Assert.That(ours, Is.EqualTo(theirs), name);
        }
    }

    [Test]
    public void TryReadNext_Corpus_GivesWhatTsharkGives()
    {
        foreach (var (name, bytes, packets) in Corpus.Files.Where(f => f.Packets > 1))
        {
            var lines = Fields(bytes, "frame.time_epoch", "frame.cap_len", "frame.len", "frame.comment");
            var read = Drained.Of(bytes).Packets;
            Assert.That(lines, Has.Length.EqualTo(packets), name);
            for (var i = 0; i < lines.Length; i++)
            {
                Assert.That(lines[i][1..3], Is.EqualTo(new[] { $"{read[i].Data.Length / 2}", $"{read[i].OriginalLength}" }), name);
                Assert.That(lines[i][3], Is.EqualTo(read[i].Comment?.Split('\n')[0] ?? ""), name);
                if (decimal.TryParse(lines[i][0], CultureInfo.InvariantCulture, out var stamp)) Assert.That(stamp * 1_000_000_000, Is.EqualTo(read[i].StampNs), name);
            }
        }
    }

    /// <summary>The whole corpus as one file of many interfaces, written by ourselves.</summary>
    [Test]
    public void TryRead_Corpus_GivesTheHeadersThatTsharkGives()
    {
        var packets = Corpus.Files.SelectMany(f => Drained.Of(f.Bytes).Packets).ToList();
        var linkTypes = packets.Select(p => p.LinkType).Distinct().ToList();
        using var file = new MemoryStream();
        using (var writer = new PcapngWriter(file, new PcapngSection()))
        {
            foreach (var linkType in linkTypes) writer.AddInterface(new CaptureInterface { LinkType = linkType, SnapLength = 0 });
            foreach (var packet in packets) writer.Write(linkTypes.IndexOf(packet.LinkType), 0, Convert.FromHexString(packet.Data), packet.OriginalLength, null);
        }

        var lines = Fields(
            file.ToArray(), "udp.srcport", "udp.dstport", "udp.length", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.len", "icmp.ident", "icmp.seq",
            "icmpv6.echo.identifier", "icmpv6.echo.sequence_number");
        Assert.That(lines, Has.Length.EqualTo(packets.Count));
        for (var i = 0; i < lines.Length; i++)
        {
            Assert.That(string.Join(' ', Headers(packets[i])), Is.EqualTo(string.Join(' ', lines[i])), $"{packets[i].LinkType} {packets[i].Data}");
        }
    }

    private static string[] Headers(Drained.Packet packet)
    {
        var fields = Enumerable.Repeat("", 11).ToArray();
        if (!Frame.TryReadIp(packet.LinkType, Convert.FromHexString(packet.Data), out var bytes) || !IpPacket.TryRead(bytes, out var ip)) return fields;
        if (UdpDatagram.TryRead(ip, out var datagram))
        {
            (fields[0], fields[1], fields[2]) = ($"{datagram.SourcePort}", $"{datagram.DestinationPort}", $"{datagram.WirePayloadLength + 8}");
        }

        if (TcpSegment.TryRead(ip, out var segment))
        {
            (fields[3], fields[4], fields[5], fields[6]) =
                ($"{segment.SourcePort}", $"{segment.DestinationPort}", $"{segment.Sequence}", $"{segment.WirePayloadLength}");
        }

        if (IcmpEcho.TryRead(ip, out var echo))
        {
            // tshark shows one identifier as hexadecimal, or as decimal, by release; both are written as decimal here.
            if (ip.Version == 4) (fields[7], fields[8]) = ($"{echo.Identifier}", $"{echo.Sequence}");
            else (fields[9], fields[10]) = ($"{echo.Identifier}", $"{echo.Sequence}");
        }

        return fields;
    }

    /// <summary>
    /// Fields of each packet, the first occurrence of each: the outermost header. Hexadecimal becomes decimal. The corpus' custom blocks, which
    /// tshark shows as packets of 4 bytes and capinfos does not count, are left away.
    /// </summary>
    private static string[][] Fields(byte[] capture, params string[] names)
    {
        var (text, _) = CaptureTool.Run(
            "tshark",
            capture,
            ["-n", "-r", "{file}", "-Y", "frame.len > 8", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-T", "fields", "-E", "occurrence=f", .. names.SelectMany(n => (string[])["-e", n])]);
        return [.. text.Split('\n')[..^1].Select(line => line.Split('\t').Select(Decimal).ToArray())];
    }

    private static string Seconds(long ns) => $"{ns / 1_000_000_000}.{ns % 1_000_000_000:D9}";

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static string Decimal(string value) =>
        value.StartsWith("0x", StringComparison.Ordinal) ? $"{Convert.ToUInt32(value, 16)}" : value;
}
