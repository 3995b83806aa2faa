using System.Buffers.Binary;

namespace FailoverLab.Packets;

/// <summary>An ICMP echo message: what ping sends and gets back (RFC 792, RFC 4443).</summary>
/// <param name="Identifier">Tells the pings of one host apart; the same both ways.</param>
/// <param name="Sequence">Counted up by the sender; wraps at 2^16.</param>
/// <param name="IsReply">Whether it is the answer.</param>
/// <param name="WirePayloadLength">Bytes carried behind the header, however much was captured.</param>
public readonly record struct IcmpEcho(ushort Identifier, ushort Sequence, bool IsReply, int WirePayloadLength)
{
    private const int HeaderSize = 8;
    private const byte Protocol4 = 1;
    private const byte Protocol6 = 58;

    /// <summary>Reads the echo message an IP packet carries; any other, a later fragment or a cut header gives <see langword="false"/>.</summary>
    public static bool TryRead(in IpPacket ip, out IcmpEcho echo)
    {
        echo = default;
        var bytes = ip.Payload;
        if (ip.IsLaterFragment || bytes.Length < HeaderSize || bytes[1] != 0) return false;
        bool isReply;
        switch (ip.Version, ip.Protocol, bytes[0])
        {
            case (4, Protocol4, 8) or (6, Protocol6, 128):
                isReply = false;
                break;
            case (4, Protocol4, 0) or (6, Protocol6, 129):
                isReply = true;
                break;
            default:
                return false;
        }

        echo = new IcmpEcho(
            BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]),
            isReply,
            Math.Max(0, ip.WirePayloadLength - HeaderSize));
        return true;
    }
}
