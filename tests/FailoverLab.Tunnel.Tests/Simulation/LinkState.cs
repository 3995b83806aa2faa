namespace FailoverLab.Tunnel.Tests;

/// <summary>One path in one direction, as the simulated world has it now.</summary>
internal sealed class LinkState(long delayNs)
{
    private readonly long _usualDelayNs = delayNs;

    public bool Up { get; set; } = true;

    /// <summary>Whether sending fails at once.</summary>
    public bool IsRefused { get; set; }

    public double Loss { get; set; }

    public double Copies { get; set; }

    public long DelayNs { get; set; } = delayNs;

    public long JitterNs { get; set; } = 2_000_000;

    public bool IsGood => Up && Loss == 0 && DelayNs == _usualDelayNs;

    public void Heal() => (Up, IsRefused, Loss, Copies, DelayNs) = (true, false, 0, 0, _usualDelayNs);
}
