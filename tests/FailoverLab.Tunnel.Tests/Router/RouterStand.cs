using System.Text;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel.Tests;

/// <summary>A router engine alone, in virtual time, with everything it does kept; datagrams of version 1 for it are sealed by hand.</summary>
internal sealed class RouterStand : IRouterOutput, IDisposable
{
    public const uint Tunnel = 703;
    public static readonly DatagramAddress Peer = DatagramAddress.FromIPv4(0xC0000202, 4000);

    private readonly RouterKeys _keys;
    private readonly TunnelChannel _peer;

    public RouterStand(int version = 1, IEndpointAllocator? allocator = null)
    {
        _keys = new RouterKeys(Seal, "k", "r");
        Engine = new RouterEngine(new RouterSettings { RouterId = "r", TunnelId = 1, Session = 9, PeerPort = 51820, Version = version }, _keys, this, allocator, Now);
        _peer = new TunnelChannel(Tunnel, Seal, new RefusalCounters(), 0);
    }

    public DatagramSeal Seal { get; } = new("k");

    public RouterEngine Engine { get; }

    public TunnelTime Now { get; private set; } = new(1_000_000_000, 1_700_000_000_000_000_000);

    /// <summary>What left, in order.</summary>
    public List<(DatagramAddress To, byte[] Datagram)> Sent { get; } = [];

    public List<byte[]> Written { get; } = [];

    public List<StackEvent> Events { get; } = [];

    public List<IpPrefix> Routes { get; } = [];

    public bool HoldsGateway { get; private set; }

    /// <summary>Payloads of one type that left.</summary>
    public string[] Said(PacketType type) => [.. Sent.Where(s => s.Datagram[1] == (byte)type).Select(s => Encoding.UTF8.GetString(s.Datagram, TunnelHeader.Size, s.Datagram.Length - TunnelHeader.Size))];

    /// <summary>An inner packet from an address, of 28 bytes.</summary>
    public static byte[] InnerFrom(byte lastOfSource)
    {
        var packet = new byte[28];
        packet[0] = 0x45;
        (packet[12], packet[14], packet[15]) = (192, 2, lastOfSource);
        (packet[16], packet[17], packet[18], packet[19]) = (198, 51, 100, 10);
        return packet;
    }

    /// <summary>A peer of version 1 says something.</summary>
    public void Tell(PacketType type, string json) => Tell(type, Encoding.UTF8.GetBytes(json));

    public void Tell(PacketType type, ReadOnlySpan<byte> payload)
    {
        Wait(TimeSpan.FromMilliseconds(1));
        var frame = new byte[TunnelHeader.Size + payload.Length];
        payload.CopyTo(frame.AsSpan(TunnelHeader.Size));
        _peer.Seal(frame, type, false, Now);
        Engine.OnDatagram(frame, Peer, Now);
    }

    /// <summary>A keepalive of one of our endpoints.</summary>
    public void TellKeepalive(ulong session, ulong heard = 9, bool isActive = false, uint activation = 0)
    {
        var payload = new byte[KeepalivePayload.Size];
        new KeepalivePayload(KeepaliveRole.Endpoint, isActive, session, heard, Now.MonotonicNs, 0, 0, 25_000, 0, 0, 0, activation).Write(payload);
        Tell(PacketType.Keepalive, payload);
    }

    public void Wait(TimeSpan time) => Now = new TunnelTime(Now.MonotonicNs + (time.Ticks * 100), Now.RealtimeNs + (time.Ticks * 100));

    /// <summary>Time passes, and what is due is done.</summary>
    public void Run(TimeSpan time)
    {
        var end = Now.MonotonicNs + (time.Ticks * 100);
        while (Engine.NextDeadlineNs <= end)
        {
            Wait(TimeSpan.FromTicks(Math.Max(1, (Engine.NextDeadlineNs - Now.MonotonicNs + 99) / 100)));
            Engine.Advance(Now);
        }
    }

    public void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination) => Sent.Add((destination, datagram.ToArray()));

    public void WriteTun(ReadOnlySpan<byte> packet) => Written.Add(packet.ToArray());

    public void Report(StackEvent stackEvent) => Events.Add(stackEvent);

    public void AddRoute(in IpPrefix prefix) => Routes.Add(prefix);

    public void RemoveRoute(in IpPrefix prefix) => Routes.Remove(prefix);

    public void ClaimGateway() => HoldsGateway = true;

    public void ReleaseGateway() => HoldsGateway = false;

    public void Dispose()
    {
        _keys.Dispose();
        Seal.Dispose();
    }
}
