using System.Buffers.Binary;
using FailoverLab.Packets;
using FailoverLab.Primitives;

namespace FailoverLab.Benchmarks;

/// <summary>Writes a capture of a receiver by a recipe: valid frames, so that tools that look deeper are not led astray.</summary>
public static class CaptureGenerator
{
    private const long StartNs = 1_763_700_000_000_000_000;
    private const int UdpPayload = 42;
    private const long CutNs = 60_000_000;

    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void Write(CaptureRecipe recipe)
    {
        using var stream = new FileStream(recipe.File, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        using var writer = recipe.Pcapng ? null : new PcapFile(stream);
        using var next = recipe.Pcapng ? new PcapngWriter(stream, new PcapngDescription("host.eth0", CaptureLinkType.Ethernet, 0)) : null;
        var random = new SeededRandom(recipe.Seed);
        var frame = Frame(recipe.FrameBytes);
        var rounds = recipe.Packets / recipe.Flows;
        var third = rounds * recipe.IntervalNs / 4;
        for (var number = 0L; number < rounds; number++)
        {
            var sent = number * recipe.IntervalNs;
            for (var flow = 0; flow < recipe.Flows; flow++)
            {
                var at = sent + (flow * (recipe.IntervalNs / recipe.Flows));
                if (at % third < CutNs && at >= third) continue;
                if (random.Next(1000) == 0) continue;
                var jitter = random.Next((int)(recipe.IntervalNs / recipe.Flows / 2));
                var header = new ProbeHeader((uint)(flow + 1), (ulong)number, StartNs + at, 0);
                header.Write(frame.AsSpan(UdpPayload));
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(34), (ushort)(40_000 + (flow % 20_000)));
                var stamp = StartNs + at + 20_000_000 + jitter;
                writer?.Write(stamp, frame);
                next?.Write(stamp, frame, frame.Length);
            }
        }

        next?.Finish(next.Packets, 0);
    }

    /// <summary>Ethernet, IPv4, UDP from and to documentation addresses, with a right IP checksum.</summary>
    private static byte[] Frame(int size)
    {
        var frame = new byte[Math.Max(size, UdpPayload + ProbeHeader.Size)];
        frame[0] = 2;
        frame[6] = 2;
        frame[11] = 1;
        frame[12] = 8;
        var ip = frame.AsSpan(14);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(frame.Length - 14));
        ip[6] = 0x40;
        ip[8] = 64;
        ip[9] = UdpDatagram.Protocol;
        ((ReadOnlySpan<byte>)[192, 0, 2, 2, 198, 51, 100, 10]).CopyTo(ip[12..]);
        var sum = 0u;
        for (var i = 0; i < 20; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(ip[i..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        BinaryPrimitives.WriteUInt16BigEndian(ip[22..], 5001);
        BinaryPrimitives.WriteUInt16BigEndian(ip[24..], (ushort)(frame.Length - 34));
        return frame;
    }
}
