using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Primitives;

namespace FailoverLab.Tunnel.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SegmentCoalescerTests : ISuperPacketOutput
{
    private readonly byte[] _memory = new byte[1 << 20];
    private readonly List<(byte[] Packet, OffloadHeader Offload)> _written = [];
    private int _end;

    [Test]
    public void Add_WhatWasCut_ComesBackWholeAndCutsTheSame([Values] bool isIPv6, [Values(0, 12)] int options, [Values(999, 1348)] int segmentSize, [Values(1, 5000, 43_000)] int payload)
    {
        var sample = new SampleTcp { IsIPv6 = isIPv6, Options = options, SegmentSize = segmentSize, Payload = payload, Flags = 0x18 };
        var cut = sample.Cut();
        Add(cut);
        Assert.That(_written, Has.Count.EqualTo(1));
        Assert.That(_written[0].Offload, Is.EqualTo(cut.Count == 1 ? default : sample.Offload));
        Assert.That(CutAgain(), Is.EqualTo(cut));
    }

    /// <summary>Several connections, mixed, with everything that happens to packets on the way.</summary>
    [Test]
    public void Add_RandomTraffic_EveryPacketToTheByteAndInOrderOfItsConnection([Range(1, 20)] int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var flows = Enumerable.Range(0, 10).Select(f => Traffic(random, f)).ToList();
        var sent = new List<byte[]>();
        while (flows.Exists(f => f.Count > 0))
        {
            var flow = flows[random.Next(flows.Count)];
            for (var burst = random.Next(12); burst > 0 && flow.Count > 0; burst--)
            {
                sent.Add(flow.Dequeue());
            }
        }

        Add(sent);
        var got = CutAgain();
        Assert.That(got.Select(Convert.ToHexString).Order(), Is.EqualTo(sent.Select(Convert.ToHexString).Order()), $"seed {seed}");
        foreach (var flow in sent.GroupBy(FlowOf))
        {
            Assert.That(got.Where(p => FlowOf(p) == flow.Key), Is.EqualTo(flow), $"seed {seed}, flow {flow.Key}");
        }

        TestContext.Out.WriteLine($"{sent.Count} packets in {_written.Count} writes");
        Assert.That(_written, Has.Count.LessThan(sent.Count), "nothing was put together");
    }

    [TestCase("a wrong checksum", 40)]
    [TestCase("another window", 34)]
    [TestCase("another acknowledgment", 31)]
    [TestCase("another time to live", 8)]
    [TestCase("another traffic class", 1)]
    [TestCase("FIN", 33)]
    public void Add_SegmentThatDiffers_IsNotHidden(string what, int at)
    {
        var cut = new SampleTcp { Payload = 3000 }.Cut();
        cut[1][at] ^= 1;
        if (at != 40)
        {
            Repair(cut[1]);
        }

        Add(cut);
        Assert.That(CutAgain(), Is.EqualTo(cut), what);
        Assert.That(_written.Where(w => w.Offload.IsSegmented), Is.Empty, what);
    }

    [Test]
    public void Add_Gap_BreaksTheRow()
    {
        var cut = new SampleTcp { Payload = 5000 }.Cut();
        cut.RemoveAt(2);
        Add(cut);
        Assert.That(_written, Has.Count.EqualTo(2));
        Assert.That(CutAgain(), Is.EqualTo(cut));
    }

    [Test]
    public void Add_Push_EndsTheRow()
    {
        List<byte[]> packets = [.. new SampleTcp { Payload = 2000, Flags = 0x18 }.Cut(), .. new SampleTcp { Payload = 2000, Id = 0, Sequence = uint.MaxValue }.Cut()];
        Add(packets);
        Assert.That(_written, Has.Count.EqualTo(2));
    }

    [Test]
    public void Add_ManyPackets_AllocateNothing()
    {
        var silent = new SilentOutput();
        var coalescer = new SegmentCoalescer(_memory, silent);
        var places = new List<ByteRange>();
        foreach (var packet in new SampleTcp { Payload = 40_000 }.Cut())
        {
            places.Add(Place(packet));
        }

        for (var round = 0; round < 200; round++)
        {
            Round();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 200; round++)
        {
            Round();
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(silent.Written, Is.GreaterThan(400));

        void Round()
        {
            foreach (var place in places)
            {
                coalescer.Add(place);
            }

            coalescer.Flush();
        }
    }

    public void Write(ReadOnlySpan<ByteRange> parts, in OffloadHeader offload)
    {
        var packet = new List<byte>();
        foreach (var part in parts)
        {
            packet.AddRange(_memory[part.Offset..(part.Offset + part.Length)]);
        }

        _written.Add(([.. packet], offload));
    }

    private static string FlowOf(byte[] p) => p[0] >> 4 == 6 ? $"6-{p[40]}.{p[41]}" : $"4-{p[20]}.{p[21]}";

    private static Queue<byte[]> Traffic(SeededRandom random, int number)
    {
        var packets = new Queue<byte[]>();
        var sample = new SampleTcp { IsIPv6 = number % 2 == 0, Port = (ushort)(6000 + number), Options = number % 3 * 4, SegmentSize = 200 + random.Next(200) };
        for (var i = 0; i < 4; i++)
        {
            var whole = sample with { Payload = 1 + random.Next(4000), Flags = random.Next(3) == 0 ? (byte)0x18 : (byte)0x10 };
            foreach (var packet in whole.Cut())
            {
                packets.Enqueue(packet);
                switch (random.Next(40))
                {
                    case 0:
                        packets.Enqueue(packet.ToArray());
                        break;
                    case 1:
                        packet[packet.Length / 2] ^= 4;
                        break;
                    case 2:
                        var acknowledgment = (whole with { Payload = 0 }).Build();
                        Repair(acknowledgment);
                        packets.Enqueue(acknowledgment);
                        break;
                }
            }

            sample = sample with { Sequence = unchecked(whole.Sequence + (uint)whole.Payload), Id = unchecked((ushort)(whole.Id + 30)) };
        }

        return packets;
    }

    /// <summary>Makes both checksums right again.</summary>
    private static void Repair(byte[] packet)
    {
        var isIPv6 = packet[0] >> 4 == 6;
        var transport = isIPv6 ? 40 : 20;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(transport + 16), 0);
        byte[] pseudo = [.. isIPv6 ? packet[8..40] : packet[12..20], 0, 6, (byte)((packet.Length - transport) >> 8), (byte)(packet.Length - transport)];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(transport + 16), (ushort)~PlainChecksum.Sum(pseudo, packet[transport..]));
        if (!isIPv6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), 0);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~PlainChecksum.Sum(packet[..20]));
        }
    }

    private ByteRange Place(byte[] packet)
    {
        packet.CopyTo(_memory, _end);
        _end += packet.Length;
        return new ByteRange(_end - packet.Length, packet.Length);
    }

    private void Add(List<byte[]> packets)
    {
        var coalescer = new SegmentCoalescer(_memory, this);
        foreach (var packet in packets)
        {
            coalescer.Add(Place(packet));
        }

        coalescer.Flush();
    }

    private List<byte[]> CutAgain() => [.. _written.SelectMany(w => SampleTcp.Cut(w.Packet, w.Offload))];

    private sealed class SilentOutput : ISuperPacketOutput
    {
        public int Written { get; private set; }

        public void Write(ReadOnlySpan<ByteRange> parts, in OffloadHeader offload) => Written++;
    }
}
