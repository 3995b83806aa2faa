namespace FailoverLab.Hosts.Tests;

/// <summary>Timers that fire sooner than they are set to, by a factor: what waits long in a lab is seen in a moment.</summary>
internal sealed class QuickTime(int factor) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Sooner(dueTime), Sooner(period));

    private TimeSpan Sooner(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / factor;
}
