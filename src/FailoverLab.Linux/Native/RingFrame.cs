using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary><c>struct tpacket3_hdr</c> and, behind it, the part of <c>struct sockaddr_ll</c> up to the packet type.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct RingFrame
{
    internal const uint HasVlanTag = 0x10;
    internal const uint HasVlanProtocol = 0x40;

    [FieldOffset(0)]
    public uint NextOffset;

    [FieldOffset(4)]
    public uint Seconds;

    [FieldOffset(8)]
    public uint Nanoseconds;

    [FieldOffset(12)]
    public uint CapturedLength;

    [FieldOffset(16)]
    public uint WireLength;

    [FieldOffset(20)]
    public uint Status;

    [FieldOffset(24)]
    public ushort LinkHeaderOffset;

    [FieldOffset(32)]
    public uint VlanTag;

    [FieldOffset(36)]
    public ushort VlanProtocol;

    // 48 bytes of header, then sockaddr_ll: family, protocol, index, hardware type, packet type.
    [FieldOffset(58)]
    public byte PacketType;
}
