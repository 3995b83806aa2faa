namespace FailoverLab.Analysis.Tests;

/// <summary>How long the packets of some tunnels are, Ethernet header included.</summary>
internal sealed record TunnelKind(string Name, Func<int, int> OuterLength)
{
    private const int Ethernet = 14;
    private const int IPv4 = 20;
    private const int IPv6 = 40;
    private const int Udp = 8;

    public static TunnelKind[] All { get; } =
    [
        // Type, receiver and counter 16, padded content, tag 16 (WireGuard white paper, 5.4.6).
        new("WireGuard", inner => Ethernet + IPv4 + Udp + 16 + Padded(inner, 16) + 16),
        new("WireGuard over IPv6", inner => Ethernet + IPv6 + Udp + 16 + Padded(inner, 16) + 16),

        // SPI and sequence 8, IV 8, content with padding and two bytes of trailer to 4, ICV 16 (RFC 4303, RFC 4106).
        new("ESP AES-GCM", inner => Ethernet + IPv4 + 8 + 8 + Padded(inner + 2, 4) + 16),
        new("ESP AES-GCM in UDP", inner => Ethernet + IPv4 + Udp + 8 + 8 + Padded(inner + 2, 4) + 16),

        // Block cipher: IV 16, blocks of 16, ICV 12 (RFC 3602, RFC 2404).
        new("ESP AES-CBC", inner => Ethernet + IPv4 + 8 + 16 + Padded(inner + 2, 16) + 12),

        // Opcode and peer 4, packet number 4, tag 16.
        new("OpenVPN AES-GCM", inner => Ethernet + IPv4 + Udp + 4 + 4 + 16 + inner),

        // HMAC 20, IV 16, packet number 4 inside blocks of 16 with at least one byte of padding.
        new("OpenVPN AES-CBC", inner => Ethernet + IPv4 + Udp + 4 + 20 + 16 + Padded(inner + 4 + 1, 16)),
    ];

    public override string ToString() => Name;

    private static int Padded(int length, int block) => (length + block - 1) / block * block;
}
