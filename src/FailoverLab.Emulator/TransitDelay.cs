using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// When a packet comes out: its delay and a random addition after it left the bottleneck, but never before the packet ahead of it. One
/// number is drawn per packet, whether jitter is set or not.
/// </summary>
internal sealed class TransitDelay(SeededRandom random)
{
    internal long DueNs(long leavesNs, TimeSpan delay, TimeSpan jitter, long aheadDueNs)
    {
        var addition = (long)(random.NextDouble() * Nanoseconds(jitter));
        return Math.Max(aheadDueNs, leavesNs + Nanoseconds(delay) + addition);
    }

    private static long Nanoseconds(TimeSpan value) => value.Ticks * TimeSpan.NanosecondsPerTick;
}
