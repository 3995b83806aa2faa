namespace FailoverLab.Tunnel.Tests;

/// <summary>One path in one direction, as the simulated world has it now.</summary>
internal sealed class LinkState
{
    public bool Up { get; set; } = true;

    public double Loss { get; set; }

    public long DelayNs { get; set; } = 20_000_000;

    public long JitterNs { get; set; } = 2_000_000;
}
