using FailoverLab.Dataplane;

namespace FailoverLab.Hosts;

/// <summary>What a channel works with.</summary>
/// <param name="Clock">Reference clock.</param>
/// <param name="Time">Timers.</param>
/// <param name="Patience">How long an answer is waited for before the host counts as lost.</param>
/// <param name="Lease">How long the far side goes on without a sign of life; whole seconds.</param>
internal sealed record RemoteSettings(IClock Clock, TimeProvider Time, TimeSpan Patience, TimeSpan Lease)
{
    /// <summary>Our own program on the far side that shall answer in place of the shell; absent = the shell.</summary>
    public string? Agent { get; init; }

    /// <summary>In turn with whom the far side's clock is asked; absent = with nobody.</summary>
    public ClockTurns? Turns { get; init; }
}
