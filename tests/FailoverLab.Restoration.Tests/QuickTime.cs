namespace FailoverLab.Restoration.Tests;

/// <summary>Timers that fire sooner than they are set to, by a factor.</summary>
internal sealed class QuickTime(int factor) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / factor, period == Timeout.InfiniteTimeSpan ? period : period / factor);
}
