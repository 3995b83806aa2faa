using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// Lets packets through at a rate, exactly: packet after packet by virtual finish time, no tokens, no bursts. The fraction of a
/// nanosecond that a packet leaves over counts for the next one.
/// </summary>
internal sealed class Bottleneck
{
    private const long NsPerSecond = 1_000_000_000;
    private long _freeAtNs;
    private long _remainder;

    /// <summary>Forgets what was waiting.</summary>
    internal void Clear() => (_freeAtNs, _remainder) = (0, 0);

    /// <summary>When the packet's last bit leaves, if it need not wait longer than allowed.</summary>
    /// <param name="arrivalNs">Not before the arrival of the packet before.</param>
    /// <param name="bytes">Length of the frame.</param>
    /// <param name="rate">Rate now; <see langword="null"/> is unlimited, and the packet leaves when the one before has.</param>
    /// <param name="longestWaitNs">Longest wait for those before.</param>
    /// <param name="leavesNs">When it leaves.</param>
    /// <returns>Whether it was let in.</returns>
    internal bool TryPass(long arrivalNs, int bytes, DataRate? rate, long longestWaitNs, out long leavesNs)
    {
        if (rate is not { } limit || limit.BitsPerSecond == long.MaxValue)
        {
            leavesNs = Math.Max(arrivalNs, _freeAtNs);
            return true;
        }

        if (arrivalNs >= _freeAtNs)
        {
            _remainder = 0;
        }

        var startNs = Math.Max(arrivalNs, _freeAtNs);
        leavesNs = startNs;
        if (startNs - arrivalNs > longestWaitNs)
        {
            return false;
        }

        var scaled = (bytes * 8L * NsPerSecond) + _remainder;
        leavesNs = _freeAtNs = startNs + (scaled / limit.BitsPerSecond);
        _remainder = scaled % limit.BitsPerSecond;
        return true;
    }
}
