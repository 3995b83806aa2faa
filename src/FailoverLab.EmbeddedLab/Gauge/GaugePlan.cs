using FailoverLab.Emulator;

namespace FailoverLab.EmbeddedLab;

/// <summary>What the gauge is to do.</summary>
public sealed record GaugePlan
{
    /// <summary>Cuts, ns after the first packet; see <see cref="GaugeSchedule"/>.</summary>
    public required IReadOnlyList<GaugeCut> Cuts { get; init; }

    /// <summary>Time between two packets of the flow that is cut; greater than zero.</summary>
    public required TimeSpan Interval { get; init; }
}
