namespace FailoverLab.Packets.Tests;

public sealed class FrameTests
{
    private const string Mac = "020000000001020000000002";
    private const string Ip = "4500";

    [TestCase(CaptureLinkType.Ethernet, Mac + "0800")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "86DD")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "8100" + "0005" + "0800")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "88A8" + "0005" + "8100" + "0006" + "86DD")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "9100" + "0005" + "8100" + "0006" + "0800")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "8864" + "1100" + "0001" + "0004" + "0021")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "8100" + "0005" + "8864" + "1100" + "0001" + "0004" + "0057")]
    [TestCase(CaptureLinkType.Raw, "")]
    [TestCase(CaptureLinkType.RawOld, "")]
    [TestCase(CaptureLinkType.RawOpenBsd, "")]
    [TestCase(CaptureLinkType.Ipv4, "")]
    [TestCase(CaptureLinkType.Ipv6, "")]
    [TestCase(CaptureLinkType.LinuxSll, "0000000100060200000000010000" + "0800")]
    [TestCase(CaptureLinkType.LinuxSll, "0000000100060200000000010000" + "8100" + "0005" + "86DD")]
    [TestCase(CaptureLinkType.LinuxSll, "0000FFFE00000000000000000000" + "0800")]
    [TestCase(CaptureLinkType.LinuxSll2, "0800" + "0000000000020001000602000000000100" + "00")]
    [TestCase(CaptureLinkType.LinuxSll2, "8100" + "0000000000020001000602000000000100" + "00" + "0005" + "0800")]
    [TestCase(CaptureLinkType.Null, "02000000")]
    [TestCase(CaptureLinkType.Null, "0000001E")]
    [TestCase(CaptureLinkType.Loop, "00000002")]
    public void TryReadIp_LinkHeader_IsReadOver(CaptureLinkType linkType, string header)
    {
        var bytes = Convert.FromHexString(header + Ip);
        Assert.That(Frame.TryReadIp(linkType, bytes, out var ip), Is.True);
        Assert.That(Convert.ToHexString(ip), Is.EqualTo(Ip));
        for (var length = 0; length < bytes.Length - 2; length++)
        {
            if (Frame.TryReadIp(linkType, bytes.AsSpan(0, length), out ip)) Assert.That(ip.Length, Is.Zero);
        }
    }

    [TestCase(CaptureLinkType.Ethernet, Mac + "0806")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "0027")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "8100" + "0005" + "8100" + "0005" + "8100" + "0005" + "8100" + "0005" + "8100" + "0005" + "0800")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "8864" + "1109" + "0001" + "0004" + "0021")]
    [TestCase(CaptureLinkType.Ethernet, Mac + "8864" + "1100" + "0001" + "0004" + "C021")]
    [TestCase(CaptureLinkType.LinuxSll2, "0806" + "000000000002000100060200000000010000")]
    [TestCase((CaptureLinkType)105, "")]
    public void TryReadIp_Other_IsRefused(CaptureLinkType linkType, string header) =>
        Assert.That(Frame.TryReadIp(linkType, Convert.FromHexString(header + Ip), out _), Is.False);
}
