using System.Buffers.Binary;

namespace FailoverLab.Wan.Tests;

internal sealed class SegmentCutterTests
{
    [Test]
    public void Cut_UncutFrame_EveryFrameHasItsBytesItsNumbersAndARightChecksum([Values] bool isIPv6, [Values] bool hasVlanTag)
    {
        var (frame, offload) = UncutTcp.Make(payload: 4200, isIPv6, flags: 0x18, hasVlanTag);
        var headers = 14 + (hasVlanTag ? 4 : 0) + (isIPv6 ? 40 : 20) + 20;

        var frames = UncutTcp.Cut(frame, offload, mostBytes: headers + UncutTcp.SegmentSize);

        Assert.That(frames.Select(f => f.Length - headers), Is.EqualTo(new[] { 1000, 1000, 1000, 1000, 200 }));
        Assert.That(frames.SelectMany(f => f.Skip(headers)), Is.EqualTo(frame.Skip(headers)));
        Assert.That(frames.Select(f => f.Take(14 + (hasVlanTag ? 4 : 0))), Is.All.EqualTo(frame.Take(14 + (hasVlanTag ? 4 : 0))));
        Assert.That(frames.Select(f => BinaryPrimitives.ReadUInt32BigEndian(f.AsSpan(headers - 16))), Is.EqualTo(Enumerable.Range(0, 5).Select(i => unchecked(uint.MaxValue - 1500 + (uint)(i * 1000)))));
        Assert.That(frames.Select(f => f[headers - 7]), Is.EqualTo(new byte[] { 0x10, 0x10, 0x10, 0x10, 0x18 }), "PSH belongs to the last");
        Assert.That(frames.Select(f => Sum(f, headers - 20, isIPv6)), Is.All.EqualTo(0xFFFF));
    }

    [Test]
    public void TryOpen_SegmentsLongerThanTheMtu_Refuses()
    {
        var (frame, offload) = UncutTcp.Make(payload: 4200);

        Assert.That(UncutTcp.Cut(frame, offload, mostBytes: 14 + 40 + UncutTcp.SegmentSize - 1), Is.Empty);
        Assert.That(UncutTcp.Cut(frame, offload with { SegmentSize = 0 }), Is.Empty);
        Assert.That(UncutTcp.Cut(frame.AsSpan(0, 10), offload), Is.Empty);
    }

    /// <summary>The checksum of RFC 1071 over pseudo header and segment, the plainest way.</summary>
    private static int Sum(byte[] frame, int transport, bool isIPv6)
    {
        var addresses = isIPv6 ? frame[(transport - 32)..transport] : frame[(transport - 8)..transport];
        byte[] all = [.. addresses, 0, 6, (byte)((frame.Length - transport) >> 8), (byte)(frame.Length - transport), .. frame[transport..]];
        var sum = 0;
        for (var i = 0; i < all.Length; i++)
        {
            sum += i % 2 == 0 ? all[i] << 8 : all[i];
        }

        return (sum & 0xFFFF) + (sum >> 16);
    }
}
