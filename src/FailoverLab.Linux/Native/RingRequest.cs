using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary><c>struct tpacket_req3</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingRequest
{
    public uint BlockSize;
    public uint BlockCount;
    public uint FrameSize;
    public uint FrameCount;
    public uint RetireTimeoutMs;
    public uint PrivateSize;
    public uint Features;
}
