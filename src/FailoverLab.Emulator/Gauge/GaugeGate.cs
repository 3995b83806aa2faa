using System.Buffers.Binary;

namespace FailoverLab.Emulator;

/// <summary>
/// The gauge at the entry of one path: passes a packet if the switch says so of the packet's own receive stamp. What is not IP passes
/// always: a cut must not make hosts forget each other's hardware addresses. Passes everything before it is armed.
/// </summary>
/// <param name="path">Which path it stands in, 0 or 1.</param>
public sealed class GaugeGate(int path)
{
    private const int EtherTypeAt = 12;
    private volatile GaugeSwitch? _switch;
    private long _swallowed;

    /// <summary>Packets that did not pass.</summary>
    public long Swallowed => Interlocked.Read(ref _swallowed);

    /// <summary>Lets the switch decide from now on. From any thread.</summary>
    public void Arm(GaugeSwitch gauge) => _switch = gauge;

    /// <summary>Whether a frame passes.</summary>
    /// <param name="frame">Ethernet frame.</param>
    /// <param name="stampNs">Its own receive stamp, ns on the clock of the switch.</param>
    public bool Passes(ReadOnlySpan<byte> frame, long stampNs)
    {
        if (_switch is not { } gauge || gauge.PathAt(stampNs) == path || !IsIp(frame))
        {
            return true;
        }

        Interlocked.Increment(ref _swallowed);
        return false;
    }

    private static bool IsIp(ReadOnlySpan<byte> frame) =>
        frame.Length >= EtherTypeAt + 2 && BinaryPrimitives.ReadUInt16BigEndian(frame[EtherTypeAt..]) is 0x0800 or 0x86DD;
}
