using FailoverLab.Dataplane;
using FailoverLab.Emulator;

namespace FailoverLab.Wan;

/// <summary>A change of a running link that is made when its instant comes, or was made at once because that had passed. Safe from any thread.</summary>
public sealed class PlannedChange
{
    private readonly TaskCompletionSource<long> _switched = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<LinkImpairments, LinkImpairments> _change;
    private readonly IClock _clock;
    private int _left;
    private volatile bool _isCalledOff;

    internal PlannedChange(long effectNs, int directions, Func<LinkImpairments, LinkImpairments> change, IClock clock) =>
        (EffectNs, _left, _change, _clock) = (effectNs, directions, change, clock);

    /// <summary>
    /// From when on packets meet the new values, by their own stamps, CLOCK_REALTIME ns: the planned instant, or when it was made where that had passed.
    /// The link's thread may come to it later; what arrived before the instant is before the change all the same.
    /// </summary>
    public long EffectNs { get; }

    /// <summary>When the link had switched, CLOCK_REALTIME ns; never completes when the link ends before, or when it was called off.</summary>
    public Task<long> Switched => _switched.Task;

    /// <summary>Leaves the link as it is. A direction that has switched stays so.</summary>
    public void CallOff() => _isCalledOff = true;

    internal static PlannedChange Made(long effectNs, IClock clock)
    {
        var made = new PlannedChange(effectNs, directions: 0, static now => now, clock);
        made._switched.SetResult(effectNs);
        return made;
    }

    /// <summary>New values from those in force; on the direction's thread.</summary>
    internal LinkImpairments Make(LinkImpairments now)
    {
        if (_isCalledOff)
        {
            return now;
        }

        var next = _change(now);
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _switched.SetResult(_clock.RealtimeNs);
        }

        return next;
    }
}
