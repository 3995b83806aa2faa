namespace FailoverLab.Tunnel.Tests;

/// <summary>The checksum of RFC 1071 as its section 4.1 writes it: the oracle.</summary>
internal static class PlainChecksum
{
    public static ushort Sum(params byte[][] parts)
    {
        var sum = 0U;
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Length; i += 2)
            {
                sum += (uint)((part[i] << 8) | (i + 1 < part.Length ? part[i + 1] : 0));
                sum = (sum & 0xFFFF) + (sum >> 16);
            }
        }

        return (ushort)sum;
    }

    /// <summary>Whether every checksum in a packet is right.</summary>
    public static bool IsRight(byte[] packet, byte protocol)
    {
        var isIPv6 = packet[0] >> 4 == 6;
        var header = isIPv6 ? 40 : (packet[0] & 15) * 4;
        var transport = packet[header..];
        byte[] pseudo = [.. isIPv6 ? packet[8..40] : packet[12..20], 0, protocol, (byte)(transport.Length >> 8), (byte)transport.Length];
        return (isIPv6 || Sum(packet[..header]) == 0xFFFF) && Sum(pseudo, transport) == 0xFFFF;
    }
}
