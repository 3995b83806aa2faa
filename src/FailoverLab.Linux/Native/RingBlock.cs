using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>Head of a ring block, <c>struct tpacket_block_desc</c>; what follows the fields here is not used.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingBlock
{
    internal const uint OwnedByKernel = 0;
    internal const uint OwnedByUser = 1;

    public uint Version;
    public uint PrivateOffset;
    public uint Status;
    public uint FrameCount;
    public uint FirstFrameOffset;
}
