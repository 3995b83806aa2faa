namespace FailoverLab.Tunnel;

/// <summary>
/// The activation on its way: sent at once, then again at every interval until the router acknowledges it. Data does not wait for it.
/// </summary>
internal sealed class ActivationSender
{
    private const long ResendNs = 20_000_000;
    private const long SlowResendNs = 200_000_000;
    private const int QuickAttempts = 50;

    private int _attempts;

    /// <summary>The activation not acknowledged yet; <see langword="null"/> when none is.</summary>
    public ActivationMessage? Pending { get; private set; }

    /// <summary>The tunnel it goes out on.</summary>
    public int Tunnel { get; private set; }

    /// <summary>When to send it (again); <see cref="long.MaxValue"/> for never.</summary>
    public long DueNs { get; private set; } = long.MaxValue;

    public void Begin(ActivationMessage message, int tunnel, long nowNs)
    {
        (Pending, Tunnel, DueNs, _attempts) = (message, tunnel, nowNs, 0);
    }

    /// <summary>Notes that it was sent; a router that does not answer for a second is asked more slowly, but never given up.</summary>
    public void Sent(long nowNs)
    {
        _attempts++;
        DueNs = nowNs + (_attempts < QuickAttempts ? ResendNs : SlowResendNs);
    }

    /// <summary>Whether an acknowledgement is for the pending activation; if so it is done.</summary>
    /// <param name="tunnel">Where it came in.</param>
    /// <param name="correlation">What it carries back; empty from a foreign router.</param>
    public bool Acknowledge(int tunnel, string correlation)
    {
        if (Pending is null || tunnel != Tunnel || (correlation.Length > 0 && correlation != Pending.Correlation))
        {
            return false;
        }

        (Pending, DueNs) = (null, long.MaxValue);
        return true;
    }
}
