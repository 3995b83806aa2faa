namespace FailoverLab.Testing;

/// <summary>A <see cref="TimeProvider"/> whose time moves only when told to. Its timers never fire.</summary>
public sealed class ManualTime : TimeProvider
{
    private long _ticks = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Moves time forward.</summary>
    public void Advance(TimeSpan by) => _ticks += by.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => _ticks;
}
