using FailoverLab.Dataplane;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>
/// Runs both engines against each other in memory for a moment, so that the compiler and the crypto library have done their work
/// before the first real packet.
/// </summary>
internal static class WarmUp
{
    private const int Rounds = 400;
    private const int PacketsPerRound = 4;
    private const long RoundNs = 5_000_000;

    /// <summary>Takes some tens of milliseconds.</summary>
    public static void Run()
    {
        using var seal = DatagramMacs.Seal("warm-up");
        using var routerKeys = new RouterKeys(seal, "warm-up", "r");
        using var plain = EndpointKeys.Version1(seal);
        using var secure = EndpointKeys.Version2("warm-up", ["r"]);
        new World(plain, routerKeys).Run();
        new World(secure, routerKeys).Run();
        new SegmentWarmUp().Run();
    }

    private sealed class World : IEndpointOutput, IRouterOutput
    {
        private static readonly DatagramAddress Peer = DatagramAddress.FromIPv4(0xC0000201, 51820);

        private readonly EndpointEngine _endpoint;
        private readonly RouterEngine _router;
        private TunnelTime _now = new(1_000_000_000, 1_700_000_000_000_000_000);

        public World(EndpointKeys endpointKeys, RouterKeys routerKeys)
        {
            var lan = new IpPrefix(false, 0xC0000200, 28);
            _router = new RouterEngine(new RouterSettings { RouterId = "r", TunnelId = 1, Session = 1, PeerPort = 1 }, routerKeys, this, null, _now);
            _endpoint = new EndpointEngine(
                new EndpointSettings
                {
                    EndpointId = "e",
                    Number = 7,
                    Session = 3,
                    Paths = ["a", "b"],
                    Routers = [new RouterTarget("r", "192.0.2.1")],
                    Prefixes = [lan],
                    Timers = new PathTimers(10_000_000, 3),
                },
                endpointKeys,
                this,
                _now);
        }

        public void Run()
        {
            var packet = new byte[32 + 1000];
            packet[32] = 0x45;
            (packet[44], packet[46], packet[47]) = (192, 2, 2);
            (packet[48], packet[49], packet[50]) = (198, 51, 100);
            for (var i = 0; i < Rounds; i++)
            {
                _now = new TunnelTime(_now.MonotonicNs + RoundNs, _now.RealtimeNs + RoundNs);
                _endpoint.Advance(_now);
                _router.Advance(_now);
                for (var p = 0; p < PacketsPerRound; p++)
                {
                    _endpoint.OnTunPacket(packet, _now);
                }
            }
        }

        public bool SendDatagram(int tunnel, ReadOnlySpan<byte> datagram)
        {
            _router.OnDatagram(datagram.ToArray(), Peer, _now);
            return true;
        }

        public void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination)
        {
            for (var tunnel = 0; tunnel < 2; tunnel++)
            {
                if (datagram[7] == 700 % 256 + tunnel)
                {
                    _endpoint.OnDatagram(tunnel, datagram.ToArray(), _now);
                }
            }
        }

        public void WriteTun(ReadOnlySpan<byte> packet)
        {
            if (packet[12] == 192)
            {
                var back = new byte[32 + packet.Length];
                packet.CopyTo(back.AsSpan(32));
                packet[12..16].CopyTo(back.AsSpan(32 + 16));
                packet[16..20].CopyTo(back.AsSpan(32 + 12));
                _router.OnTunPacket(back, _now);
            }
        }

        public void Report(StackEvent stackEvent)
        {
        }

        public void AddRoute(in IpPrefix prefix)
        {
        }

        public void RemoveRoute(in IpPrefix prefix)
        {
        }

        public void ClaimGateway()
        {
        }

        public void ReleaseGateway()
        {
        }
    }
}
