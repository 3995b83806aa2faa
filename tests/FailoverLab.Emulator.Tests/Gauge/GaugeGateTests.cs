using System.Buffers.Binary;

namespace FailoverLab.Emulator.Tests;

internal sealed class GaugeGateTests
{
    private const ushort IPv4 = 0x0800;
    private const ushort IPv6 = 0x86DD;
    private const ushort Arp = 0x0806;

    [TestCase(0, 99, IPv4, true)]
    [TestCase(0, 100, IPv4, false)]
    [TestCase(0, 150, IPv6, false)]
    [TestCase(1, 149, IPv4, false)]
    [TestCase(1, 150, IPv4, true)]
    [TestCase(0, 100, Arp, true)]
    public void Passes_Armed_GoesByThePacketsOwnStamp(int path, long stampNs, int etherType, bool expected)
    {
        var gate = new GaugeGate(path);
        gate.Arm(new GaugeSwitch([new GaugeCut(100, 50)]));
        Assert.That(gate.Passes(Frame((ushort)etherType), stampNs), Is.EqualTo(expected));
        Assert.That(gate.Swallowed, Is.EqualTo(expected ? 0 : 1));
    }

    [Test]
    public void Passes_NotArmed_PassesEverything() => Assert.That(new GaugeGate(1).Passes(Frame(IPv4), 0), Is.True);

    [Test]
    public void Passes_CutFrame_IsNoIp()
    {
        var gate = new GaugeGate(1);
        gate.Arm(new GaugeSwitch([]));
        Assert.That(gate.Passes(new byte[13], 0), Is.True);
    }

    [Test]
    public void Passes_ManyPackets_AllocatesNothing()
    {
        var gate = new GaugeGate(0);
        gate.Arm(new GaugeSwitch([new GaugeCut(100, 50)]));
        var frame = Frame(IPv4);
        gate.Passes(frame, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            gate.Passes(frame, i);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static byte[] Frame(ushort etherType)
    {
        var frame = new byte[60];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), etherType);
        return frame;
    }
}
