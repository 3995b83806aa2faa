using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary><c>struct tpacket2_hdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FastRingFrame
{
    internal const uint OwnedByKernel = 0;
    internal const uint OwnedByUser = 1;
    internal const uint IsInQueue = 2;
    internal const uint ChecksumNotReady = 8;
    internal const uint HasVlanTag = 0x10;
    internal const uint HasVlanProtocol = 0x40;

    public uint Status;
    public uint WireLength;
    public uint CapturedLength;
    public ushort LinkHeaderOffset;
    public ushort NetworkOffset;
    public uint Seconds;
    public uint Nanoseconds;
    public ushort VlanTag;
    public ushort VlanProtocol;
    private readonly uint _padding;
}
