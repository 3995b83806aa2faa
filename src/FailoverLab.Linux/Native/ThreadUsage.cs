using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary><c>struct rusage</c> of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ThreadUsage
{
    private const int CallingThread = 1;

    public TimeSpec User;
    public TimeSpec System;
    public fixed long Memory[4];
    public long MinorFaults;
    public long MajorFaults;
    public fixed long Rest[8];

    /// <summary>Page faults of the calling thread since it started.</summary>
    public static long CountFaults()
    {
        ThreadUsage usage;
        return Libc.getrusage(CallingThread, &usage) == 0 ? usage.MinorFaults + usage.MajorFaults : 0;
    }
}
