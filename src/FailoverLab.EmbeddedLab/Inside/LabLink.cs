using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>A link of the lab.</summary>
/// <param name="Plan">Its plan.</param>
/// <param name="Steered">The running link, by which steps change it.</param>
internal sealed record LabLink(WanLinkPlan Plan, SteeredLink Steered)
{
    /// <summary>The running link.</summary>
    public WanLink Link => Steered.Link;

    /// <summary>What it had done when the run began; <see langword="null"/> before.</summary>
    public WanCounters? Before { get; set; }
}
