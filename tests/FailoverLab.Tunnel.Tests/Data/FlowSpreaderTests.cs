namespace FailoverLab.Tunnel.Tests;

public sealed class FlowSpreaderTests
{
    [Test]
    public void Spread_OnePathGoes_OnlyItsFlowsMoveAndReturn()
    {
        var spreader = new FlowSpreader([1, 1, 2]);
        Assert.That(spreader.Spread(3, [true, true, true]), Is.EqualTo(FlowSpreader.Buckets));
        var before = Tunnels(spreader);

        var moved = spreader.Spread(3, [true, false, true]);

        var after = Tunnels(spreader);
        Assert.That(moved, Is.EqualTo(before.Count(t => t == 4)));
        Assert.That(after.Where((t, i) => before[i] != 4 && t != before[i]), Is.Empty);
        Assert.That(spreader.Spread(3, [true, true, true]), Is.EqualTo(moved));
        Assert.That(Tunnels(spreader), Is.EqualTo(before));
    }

    [Test]
    public void Spread_Weights_SharesFollowThem()
    {
        var spreader = new FlowSpreader([1, 3]);
        spreader.Spread(0, [true, true]);
        Assert.That(Tunnels(spreader).Count(t => t == 1) / (double)FlowSpreader.Buckets, Is.EqualTo(0.75).Within(0.08));
    }

    [Test]
    public void FlowHash_BothDirections_AreAlike()
    {
        byte[] there = [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100, 7, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0];
        byte[] back = [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 17, 0, 0, 198, 51, 100, 7, 192, 0, 2, 1, 0x56, 0x78, 0x12, 0x34, 0, 0, 0, 0];
        Assert.That(Hash(there), Is.EqualTo(Hash(back)));
        there[20] ^= 1;
        Assert.That(Hash(there), Is.Not.EqualTo(Hash(back)), "another port is another flow");
        there[6] = 0x20;
        var fragment = Hash(there);
        there[21] ^= 7;
        Assert.That(Hash(there), Is.EqualTo(fragment), "fragments of one packet stay together, whatever follows the header");
    }

    private static ulong Hash(byte[] packet) => InnerPacket.TryRead(packet, out var inner) ? FlowHash.Of(packet, inner) : 0;

    private static int[] Tunnels(FlowSpreader spreader) => [.. Enumerable.Range(0, FlowSpreader.Buckets).Select(b => spreader.TunnelOf((ulong)b))];
}
