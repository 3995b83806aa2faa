namespace FailoverLab.Restoration;

/// <summary>
/// When a lease must be renewed, and when it must be taken for lost. Pure: time and answers in, the next deadline out. The runner's own clock is
/// only asked how long ago something was; whether the lease still lasts is the host's to say.
/// </summary>
public sealed class LeaseKeeper
{
    private readonly TimeSpan _lease;
    private TimeSpan _renewedAt;

    /// <summary>Makes the keeper of a lease just taken.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="now">The time, of any clock that does not go back.</param>
    public LeaseKeeper(TimeSpan lease, TimeSpan now)
    {
        _lease = lease;
        _renewedAt = now;
        NextAt = now + (lease / 3);
    }

    /// <summary>When to renew next.</summary>
    public TimeSpan NextAt { get; private set; }

    /// <summary>Whether the host said that the lease is over; it never comes back.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Times the guard was found dead and started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Whether the host was silent for so long that its guard may be at work.</summary>
    /// <param name="now">The time.</param>
    public bool IsDoubtful(TimeSpan now) => IsLost || now - _renewedAt >= _lease;

    /// <summary>The host renewed the lease.</summary>
    /// <param name="askedAt">When it was asked: the lease runs from then at the latest.</param>
    /// <param name="wasRestarted">Whether its guard had died.</param>
    public void OnRenewed(TimeSpan askedAt, bool wasRestarted)
    {
        _renewedAt = askedAt;
        NextAt = askedAt + (_lease / 3);
        Restarts += wasRestarted ? 1 : 0;
    }

    /// <summary>The host could not be asked, or did not answer as it should; asked again soon.</summary>
    /// <param name="now">The time.</param>
    public void OnSilence(TimeSpan now) => NextAt = now + (_lease / 6);

    /// <summary>The host said that the lease is over.</summary>
    public void OnOver() => IsLost = true;
}
