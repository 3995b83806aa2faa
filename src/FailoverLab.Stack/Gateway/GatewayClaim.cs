using FailoverLab.Linux;

namespace FailoverLab.Stack;

/// <summary>
/// The gateway on the core interface while this router is active: answers for it, and announces it at once, after 10 ms, 100 ms and 1 s, since
/// an announcement can be lost like any frame.
/// </summary>
internal sealed class GatewayClaim : IDisposable
{
    private const ushort ArpType = 0x0806;
    private const ushort IPv6Type = 0x86DD;
    private static readonly long[] AnnounceAfterNs = [0, 10_000_000, 100_000_000, 1_000_000_000];

    private readonly PacketSocket _arp;
    private readonly PacketSocket _ipv6;
    private readonly GatewayResponder _responder;
    private readonly byte[] _frame = new byte[GatewayResponder.MaxFrame];
    private long _claimedNs;
    private int _announced = AnnounceAfterNs.Length;
    private bool _held;

    public GatewayClaim(string device, IEnumerable<System.Net.IPAddress> gateways)
    {
        _responder = new GatewayResponder(InterfaceControl.GetMac(device).GetAddressBytes(), gateways);
        _arp = PacketSocket.Open(device, ArpType, bufferBytes: 256 << 10);
        _ipv6 = PacketSocket.Open(device, IPv6Type, bufferBytes: 256 << 10);
    }

    /// <summary>What to wait for.</summary>
    public IReadOnlyList<IPollable> Members => [_arp, _ipv6];

    /// <summary>When the next announcement is due; <see cref="long.MaxValue"/> when none is.</summary>
    public long DueNs => _held && _announced < AnnounceAfterNs.Length ? _claimedNs + AnnounceAfterNs[_announced] : long.MaxValue;

    public void Hold(long nowNs)
    {
        (_held, _claimedNs, _announced) = (true, nowNs, 0);
        Advance(nowNs);
    }

    public void Release() => _held = false;

    /// <summary>Announces what is due.</summary>
    public void Advance(long nowNs)
    {
        while (nowNs >= DueNs)
        {
            _announced++;
            for (var i = 0; i < _responder.AnnouncementCount; i++)
            {
                var length = _responder.Announce(i, _frame);
                _arp.Write(_frame.AsSpan(0, length));
            }
        }
    }

    /// <summary>Reads what came in and answers it while the gateway is held.</summary>
    public void Answer()
    {
        AnswerOn(_arp);
        AnswerOn(_ipv6);
    }

    public void Dispose()
    {
        _arp.Dispose();
        _ipv6.Dispose();
    }

    private void AnswerOn(PacketSocket socket)
    {
        for (var i = 0; i < 128 && socket.TryRead(out var question, out _); i++)
        {
            var length = _held ? _responder.Answer(question, _frame) : 0;
            if (length > 0)
            {
                socket.Write(_frame.AsSpan(0, length));
            }
        }
    }
}
