using System.Buffers.Binary;

namespace FailoverLab.Tunnel;

/// <summary>
/// Where the fields of the handshake's datagrams stand, in bytes. All begin with version, type, one byte each of suites and epoch, and the tunnel id;
/// all end with 16 bytes of HMAC-SHA256 under a key of the pre-shared key. docs/TUNNEL.md draws them.
/// </summary>
internal static class HandshakeLayout
{
    public const byte HelloType = 12;
    public const byte ReplyType = 13;
    public const byte CookieType = 14;

    public const int MacSize = 16;
    public const int NonceSize = 16;
    public const int PointSize = 64;
    public const int CookieSize = 16;

    public const int Suites = 2;
    public const int Epoch = 3;
    public const int TunnelId = 4;

    public const int HelloTimestamp = 8;
    public const int HelloNonce = 16;
    public const int HelloPoint = 32;
    public const int HelloCookie = 96;
    public const int HelloSize = 128;

    public const int ReplyNonce = 8;
    public const int ReplyPoint = 24;
    public const int ReplyConfirmation = 88;
    public const int ReplySize = 120;

    public const int CookieEcho = 8;
    public const int CookieValue = 24;
    public const int CookieReplySize = 56;

    /// <summary>Whether a datagram names a tunnel.</summary>
    public static bool IsFor(uint tunnelId, ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadUInt32BigEndian(datagram[TunnelId..]) == tunnelId;
}
