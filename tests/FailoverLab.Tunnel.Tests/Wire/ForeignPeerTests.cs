using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FailoverLab.Tunnel.Tests.Wire;

/// <summary>
/// A peer of version 1 written from docs/TUNNEL.md sections 1 to 4 alone, with nothing but the framework's HMAC, before a real router: it lives by empty keepalives,
/// numbers nothing but its datagrams, and knows none of our additions.
/// </summary>
public sealed class ForeignPeerTests
{
    private const string Routes = "\"endpoint_id\":\"e7\",\"routes_ipv4\":[\"192.0.2.0/28\"],\"routes_ipv6\":[]";

    private uint _sequence;

    [SetUp]
    public void Begin() => _sequence = 0;

    [Test]
    public void Router_PeerWrittenFromTheDocument_WholeLifeWithoutOurAdditions()
    {
        using var stand = new RouterStand();

        Say(stand, 2, "");
        Assert.That(Read(stand.Sent.Single().Datagram), Is.EqualTo((2, 703u, 0u, "")), "an empty keepalive is answered by one");

        Say(stand, 6, $$"""{{{Routes}}}""");
        Assert.That(stand.Routes.Select(r => r.ToString()), Is.EqualTo(new[] { "192.0.2.0/28" }));
        Assert.That(stand.HoldsGateway, Is.False);

        Say(stand, 8, $$"""{{{Routes}},"previous_router_id":null,"previous_router_ip":null,"active":true,"timestamp":1700000000.5}""");
        Assert.That(Read(stand.Sent[^1].Datagram), Is.EqualTo((9, 703u, 1u, "")), "acknowledged without a payload");
        Assert.That(stand.HoldsGateway);

        var inner = RouterStand.InnerFrom(2);
        Say(stand, 1, Encoding.Latin1.GetString(inner));
        Assert.That(stand.Written.Single(), Is.EqualTo(inner));

        // The answer of the far side goes back to where the peer was last heard.
        byte[] frame = [.. new byte[32], .. inner];
        inner.AsSpan(12, 4).CopyTo(frame.AsSpan(32 + 16));
        inner.AsSpan(16, 4).CopyTo(frame.AsSpan(32 + 12));
        stand.Engine.OnTunPacket(frame, stand.Now);
        Assert.That(Read(stand.Sent[^1].Datagram) with { Payload = "" }, Is.EqualTo((1, 703u, 2u, "")));
        Assert.That(stand.Sent[^1].To, Is.EqualTo(RouterStand.Peer));
        Assert.That(stand.Sent[^1].Datagram[32..], Is.EqualTo(frame[32..]));

        // An older decision changes nothing; the word of another router ends it, and is echoed.
        Say(stand, 8, $$"""{{{Routes}},"active":false,"timestamp":1600000000.5}""");
        Assert.That(stand.HoldsGateway, Is.True);
        var deactivation = $$"""{{{Routes}},"active":false,"timestamp":1800000000.5}""";
        Say(stand, 8, deactivation);
        Assert.That(stand.HoldsGateway, Is.False);
        var (type, _, _, payload) = Read(stand.Sent[^1].Datagram);
        Assert.That((type, payload), Is.EqualTo((10, deactivation)));
        Assert.That(stand.Engine.Refusals.Total, Is.Zero, stand.Engine.Refusals.ToString());
    }

    [Test]
    public void Router_PeerRestartsItsSequence_HeardAgainAtOnceAndItsOldDatagramsNeverMore()
    {
        using var stand = new RouterStand();
        Say(stand, 2, "");
        var recorded = Say(stand, 2, "");
        _sequence = 0;
        Say(stand, 2, "");
        Assert.That(stand.Sent, Has.Count.EqualTo(3));
        stand.Engine.OnDatagram(recorded, RouterStand.Peer, stand.Now);
        Assert.That(stand.Sent, Has.Count.EqualTo(3));
    }

    /// <summary>Sends a datagram as drawn in section 1; the bytes are kept as sent.</summary>
    private byte[] Say(RouterStand stand, byte type, string payload)
    {
        stand.Wait(TimeSpan.FromMilliseconds(1));
        var body = Encoding.Latin1.GetBytes(payload);
        var datagram = new byte[32 + body.Length];
        (datagram[0], datagram[1]) = (1, type);
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(4), 703);
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(8), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(12), unchecked((uint)(stand.Now.RealtimeNs / 1_000_000)));
        body.CopyTo(datagram, 32);
        Tag(datagram).CopyTo(datagram, 16);
        stand.Engine.OnDatagram(datagram.ToArray(), RouterStand.Peer, stand.Now);
        return datagram;
    }

    /// <summary>Reads what the router sent, and checks it as section 2 asks.</summary>
    private static (int Type, uint Tunnel, uint Sequence, string Payload) Read(byte[] datagram)
    {
        Assert.That((datagram[0], datagram[2], datagram[3]), Is.EqualTo(((byte)1, (byte)0, (byte)0)));
        Assert.That(datagram[16..32], Is.EqualTo(Tag(datagram)), "tag");
        return (datagram[1], BinaryPrimitives.ReadUInt32BigEndian(datagram.AsSpan(4)), BinaryPrimitives.ReadUInt32BigEndian(datagram.AsSpan(8)), Encoding.Latin1.GetString(datagram, 32, datagram.Length - 32));
    }

    private static byte[] Tag(byte[] datagram) => HMACSHA256.HashData("k"u8, (byte[])[.. datagram[..16], .. datagram[32..]])[..16];
}
