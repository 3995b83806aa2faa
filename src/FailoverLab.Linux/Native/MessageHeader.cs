using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary><c>struct mmsghdr</c> of 64-bit Linux: a <c>msghdr</c> and, after the call, the message's length.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    internal const int Truncated = 0x20;

    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlLength;
    public int Flags;
    private readonly uint _padding;
    public uint Length;
    private readonly uint _endPadding;
}
