using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary><c>struct timespec</c> of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    private const long NsPerSecond = 1_000_000_000;

    public long Seconds;
    public long Nanoseconds;

    public readonly long TotalNs => (Seconds * NsPerSecond) + Nanoseconds;

    public static TimeSpec FromNs(long ns)
    {
        var (seconds, rest) = Math.DivRem(ns, NsPerSecond);
        return new TimeSpec { Seconds = seconds, Nanoseconds = rest };
    }
}
