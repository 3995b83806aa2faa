using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FailoverLab.Linux;

/// <summary>
/// Owns a file descriptor so that it is closed exactly once. Loops use <see cref="Number"/>; the owner keeps this object alive meanwhile.
/// </summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    private Descriptor(int number)
        : base(ownsHandle: true)
    {
        Number = number;
        SetHandle(number);
    }

    internal int Number { get; }

    /// <summary>Takes the result of a system call that opens something.</summary>
    /// <exception cref="LinuxException">The call had failed; errno must still be the call's.</exception>
    internal static Descriptor Own(int result, string call, string subject) =>
        result >= 0 ? new Descriptor(result) : throw new LinuxException(call, subject, Marshal.GetLastPInvokeError());

    protected override bool ReleaseHandle() => Libc.close(Number) == 0;
}
