using System.Buffers.Binary;
using System.Net;

namespace FailoverLab.Stack.Tests;

public sealed class GatewayResponderTests
{
    private static readonly byte[] Ours = [2, 0, 0, 0, 0, 1];
    private static readonly byte[] Theirs = [2, 0, 0, 0, 0, 9];
    private readonly GatewayResponder _responder = new(Ours, [IPAddress.Parse("198.51.100.1"), IPAddress.Parse("2001:db8:300::1")]);
    private readonly byte[] _reply = new byte[GatewayResponder.MaxFrame];

    [Test]
    public void Answer_ArpRequestForTheGateway_RepliesToTheAsker()
    {
        var request = Arp(operation: 1, "198.51.100.10", "198.51.100.1");
        Assert.That(_responder.Answer(request, _reply), Is.EqualTo(42));
        byte[] expected = [.. Theirs, .. Ours, 8, 6, 0, 1, 8, 0, 6, 4, 0, 2, .. Ours, 198, 51, 100, 1, .. Theirs, 198, 51, 100, 10];
        Assert.That(_reply[..42], Is.EqualTo(expected));
    }

    [TestCase(1, "198.51.100.10", "198.51.100.2", Description = "another address")]
    [TestCase(2, "198.51.100.10", "198.51.100.1", Description = "a reply")]
    [TestCase(1, "198.51.100.1", "198.51.100.1", Description = "another's announcement")]
    public void Answer_OtherArp_Silent(int operation, string sender, string target) =>
        Assert.That(_responder.Answer(Arp((ushort)operation, sender, target), _reply), Is.Zero);

    [Test]
    public void Answer_SolicitationForTheGateway_AdvertisesWithRouterSolicitedOverrideAndValidChecksum()
    {
        Assert.That(_responder.Answer(Solicitation("2001:db8:300::10", "2001:db8:300::1"), _reply), Is.EqualTo(86));
        Assert.That(_reply[..6], Is.EqualTo(Theirs));
        Assert.That(_reply[6..12], Is.EqualTo(Ours));
        Assert.That((_reply[20], _reply[21], _reply[54], _reply[58]), Is.EqualTo(((byte)58, (byte)255, (byte)136, (byte)0xE0)));
        Assert.That(new IPAddress(_reply[38..54]), Is.EqualTo(IPAddress.Parse("2001:db8:300::10")));
        Assert.That(new IPAddress(_reply[62..78]), Is.EqualTo(IPAddress.Parse("2001:db8:300::1")));
        Assert.That(_reply[78..86], Is.EqualTo((byte[])[2, 1, .. Ours]));
        AssertChecksum(_reply);
    }

    [Test]
    public void Answer_EveryTruncationOfASolicitation_Silent()
    {
        var whole = Solicitation("2001:db8:300::10", "2001:db8:300::1");
        for (var length = 0; length < 78; length++)
        {
            Assert.That(_responder.Answer(whole.AsSpan(0, length), _reply), Is.Zero, $"{length} bytes");
        }
    }

    [Test]
    public void Announce_EachGateway_GratuitousRequestAndUnsolicitedOverride()
    {
        Assert.That(_responder.AnnouncementCount, Is.EqualTo(2));
        Assert.That(_responder.Announce(0, _reply), Is.EqualTo(42));
        Assert.That(_reply[..6], Is.All.EqualTo(0xFF));
        Assert.That(_reply[28..32], Is.EqualTo(_reply[38..42]));
        Assert.That(_responder.Announce(1, _reply), Is.EqualTo(86));
        Assert.That(_reply[58], Is.EqualTo(0xA0), "router and override, not solicited");
        AssertChecksum(_reply);
    }

    private static void AssertChecksum(byte[] frame)
    {
        var sum = 32u + 58;
        for (var i = 22; i < 86; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(i));
        }

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        Assert.That(sum, Is.EqualTo(0xFFFF));
    }

    private static byte[] Arp(ushort operation, string sender, string target) =>
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. Theirs, 8, 6, 0, 1, 8, 0, 6, 4, 0, (byte)operation, .. Theirs, .. IPAddress.Parse(sender).GetAddressBytes(), 0, 0, 0, 0, 0, 0, .. IPAddress.Parse(target).GetAddressBytes()];

    private static byte[] Solicitation(string sender, string target)
    {
        var frame = new byte[86];
        Theirs.CopyTo(frame, 6);
        (frame[12], frame[13], frame[14], frame[20], frame[21], frame[54]) = (0x86, 0xDD, 0x60, 58, 255, 135);
        IPAddress.Parse(sender).GetAddressBytes().CopyTo(frame, 22);
        IPAddress.Parse(target).GetAddressBytes().CopyTo(frame, 62);
        return frame;
    }
}
