using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    internal const short In = 0x1;
    internal const short Error = 0x8;
    internal const short HangUp = 0x10;
    internal const short Invalid = 0x20;

    public int Descriptor;
    public short Events;
    public short Returned;
}
