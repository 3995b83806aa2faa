namespace FailoverLab.Emulator;

/// <summary>
/// A failover whose truth is known because it is decided here, packet by packet, from the packet's own time alone. Pure; safe from any
/// thread; allocates nothing per packet.
/// <code>
///              cut                gap               cut + gap
/// ── path 0 ────┤ ·············· nothing ···············├──── path 1 ──┤ ···
///               └ sent into path 0 ──────┬ into path 1 ─┘
///                                      turn
/// </code>
/// Every cut moves traffic to the other of two paths.
/// </summary>
public sealed class GaugeSwitch
{
    /// <summary>No path.</summary>
    public const int None = -1;

    private readonly GaugeCut[] _cuts;

    /// <summary>Makes a switch that begins with path 0.</summary>
    /// <param name="cuts">Its cuts, in order of time, apart from each other.</param>
    /// <exception cref="ArgumentException">A gap is not positive, or a cut begins before the one before it is over.</exception>
    public GaugeSwitch(IReadOnlyList<GaugeCut> cuts)
    {
        ArgumentNullException.ThrowIfNull(cuts);
        for (var k = 0; k < cuts.Count; k++)
        {
            if (cuts[k].GapNs <= 0 || (k > 0 && cuts[k].CutNs < cuts[k - 1].EndNs))
            {
                throw new ArgumentException($"Cut {k} has no gap, or begins before the one before it is over.", nameof(cuts));
            }
        }

        _cuts = [.. cuts];
    }

    /// <summary>The path that passes a packet of this time; <see cref="None"/> in a gap.</summary>
    /// <param name="stampNs">The packet's own time, ns on the clock of the cuts.</param>
    public int PathAt(long stampNs)
    {
        var begun = Begun(stampNs);
        return begun > 0 && stampNs < _cuts[begun - 1].EndNs ? None : begun % 2;
    }

    /// <summary>The path to send into at an instant; it changes at <see cref="GaugeCut.TurnNs"/>.</summary>
    /// <param name="nowNs">Now, ns on the clock of the cuts.</param>
    public int TargetAt(long nowNs)
    {
        var begun = Begun(nowNs);
        return (begun > 0 && nowNs < _cuts[begun - 1].TurnNs ? begun - 1 : begun) % 2;
    }

    /// <summary>How many cuts have begun.</summary>
    private int Begun(long ns)
    {
        var (low, high) = (0, _cuts.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _cuts[middle].CutNs <= ns ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
