using FailoverLab.Hosts;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>A change the link makes by itself; performing it is waiting until it has.</summary>
/// <param name="link">The link.</param>
/// <param name="planned">The change: one for both directions, or one each, for one instant.</param>
/// <param name="carrier">What it does to the carrier; <see langword="null"/> for nothing.</param>
internal sealed class PlannedLinkStep(WanLink link, IReadOnlyList<PlannedChange> planned, bool? carrier) : IPreparedStep
{
    /// <summary>Longest single wait: how late the end of the link may be noticed.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public StepAct Perform()
    {
        foreach (var change in planned)
        {
            while (!change.Switched.Wait(Nap))
            {
                if (!link.IsRunning)
                {
                    throw new StepFailedException($"link {link.Name} is not running any more");
                }
            }
        }

        // Packets stop at the instant, and the interfaces follow; but none passes before they are up again.
        var carrierNs = carrier is { } has ? link.SetCarrier(has) : 0;
        var effectNs = planned.Max(p => p.EffectNs);
        return new StepAct(effectNs, carrier is true ? carrierNs : effectNs);
    }

    /// <inheritdoc/>
    public void CallOff()
    {
        foreach (var change in planned)
        {
            change.CallOff();
        }
    }
}
