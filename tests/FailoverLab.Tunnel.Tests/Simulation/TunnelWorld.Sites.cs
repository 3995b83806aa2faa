using System.Buffers.Binary;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Tunnel.Tests;

/// <content>Where the engines of the simulated world run, and what becomes of what they put out.</content>
internal sealed partial class TunnelWorld
{
    internal sealed class RouterSite(TunnelWorld world, int index) : IRouterOutput, IDisposable
    {
        private readonly RouterKeys _keys = world.Version == 1 ? new RouterKeys(world.Seal) : new RouterKeys(null, "a key", $"r{index}");
        private readonly HashSet<ulong> _seen = [];

        public RouterEngine? Engine { get; private set; }

        public TunnelTime Now => world._stamps[1 + index].Read(world.NowNs, world.NowNs + world._clockNs[1 + index]);

        public bool HoldsGateway { get; private set; }

        public HashSet<IpPrefix> Routes { get; } = [];

        public void Start(ulong session)
        {
            if (world._manner.Mode == DataMode.Replay)
            {
                // What the run before delivered and could not acknowledge any more comes again (docs/TUNNEL.md section 5.2).
                _seen.Clear();
            }

            var settings = new RouterSettings { RouterId = $"r{index}", TunnelId = 1001 + (uint)index, Session = session, PeerPort = 51820, Version = world.Version };
            (Engine, HoldsGateway) = (new RouterEngine(settings, _keys, this, null, Now), false);
        }

        public void Dispose() => _keys.Dispose();

        public void Kill() => (Engine, HoldsGateway) = (null, false);

        public void SendDatagram(ReadOnlySpan<byte> datagram, in DatagramAddress destination)
        {
            var copy = datagram.ToArray();
            if (destination.Port == 51820)
            {
                var other = world.RouterSites[destination.IPv4 - 0xC0000264u];
                if (world._routersReach)
                {
                    world.At(world.NowNs + 1_000_000, () => other.Engine?.OnDatagram(copy, DatagramAddress.FromIPv4(0xC0000264u + (uint)index, 51820), other.Now));
                }

                return;
            }

            var tunnel = (int)(destination.IPv4 - 0x0A000000u);
            world.Travel(world.Back[tunnel % Paths], -1, tunnel, copy);
        }

        public void WriteTun(ReadOnlySpan<byte> packet)
        {
            world.DataDelivered++;
            var number = BinaryPrimitives.ReadUInt64BigEndian(packet[28..]);
            world.Delivered.Add(number);
            if (!_seen.Add(number))
            {
                world.Fault ??= $"router r{index} delivered packet {number} twice";
            }

            var holder = Array.FindLast(world.RouterSites, r => r.HoldsGateway);
            if (holder?.Engine is not { } engine)
            {
                return;
            }

            var answer = new byte[TunnelHeader.Size + packet.Length];
            packet.CopyTo(answer.AsSpan(TunnelHeader.Size));
            packet[12..16].CopyTo(answer.AsSpan(TunnelHeader.Size + 16));
            packet[16..20].CopyTo(answer.AsSpan(TunnelHeader.Size + 12));
            world.At(world.NowNs + 100_000, () => engine.OnTunPacket(answer, holder.Now));
        }

        public void Report(StackEvent stackEvent) => world.Events.Add((world.NowNs, stackEvent));

        public void AddRoute(in IpPrefix prefix) => Routes.Add(prefix);

        public void RemoveRoute(in IpPrefix prefix) => Routes.Remove(prefix);

        public void ClaimGateway() => HoldsGateway = true;

        public void ReleaseGateway() => HoldsGateway = false;
    }

    private sealed class EndpointOutput(TunnelWorld world) : IEndpointOutput
    {
        public bool SendDatagram(int tunnel, ReadOnlySpan<byte> datagram)
        {
            world.Travel(world.Out[tunnel % Paths], tunnel / Paths, tunnel, datagram.ToArray());
            return !world.Out[tunnel % Paths].IsRefused;
        }

        public void WriteTun(ReadOnlySpan<byte> packet)
        {
            world.AnswersDelivered++;
            world.LastAnswerNs = world.NowNs;
            if (!world._answered.Add(BinaryPrimitives.ReadUInt64BigEndian(packet[28..])) && world._manner.Mode != DataMode.Replay)
            {
                world.Fault ??= "an answer was delivered twice";
            }
        }

        public void Report(StackEvent stackEvent)
        {
            world.Events.Add((world.NowNs, stackEvent));
            if (stackEvent.Name == StackEventNames.SwitchDecided)
            {
                if (stackEvent.Reason is "reversion" or "better-score" && world.Switches.Count > 0 && world.NowNs - world.Switches[^1] < HoldNs)
                {
                    world.Fault ??= "a return within the hold time";
                }

                world.Switches.Add(world.NowNs);
            }
        }
    }
}
