using FailoverLab.Hosts;
using FailoverLab.Wan;

namespace FailoverLab.EmbeddedLab;

/// <summary>A change that a link makes by itself; performing it is waiting until it has.</summary>
public sealed class SteeredChange : IPreparedStep
{
    /// <summary>Longest single wait: how late the end of the link may be noticed.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);

    private readonly WanLink _link;
    private readonly IReadOnlyList<PlannedChange> _planned;
    private readonly bool? _carrier;

    /// <param name="link">The link.</param>
    /// <param name="planned">The change: one for both directions, or one each, for one instant.</param>
    /// <param name="carrier">What it does to the carrier; <see langword="null"/> for nothing.</param>
    internal SteeredChange(WanLink link, IReadOnlyList<PlannedChange> planned, bool? carrier) => (_link, _planned, _carrier) = (link, planned, carrier);

    /// <summary>From when on packets meet the new values, by their own stamps, CLOCK_REALTIME ns.</summary>
    public long EffectNs => _planned.Max(p => p.EffectNs);

    /// <summary>Completes when the link has switched; never when it ends before, or when the change was called off.</summary>
    public Task Switched => Task.WhenAll(_planned.Select(p => p.Switched));

    /// <summary>Whether it was called off before the link had switched.</summary>
    public bool IsCalledOff { get; private set; }

    /// <inheritdoc/>
    public StepAct Perform()
    {
        foreach (var change in _planned)
        {
            while (!change.Switched.Wait(Nap))
            {
                if (!_link.IsRunning)
                {
                    throw new StepFailedException($"link {_link.Name} is not running any more");
                }
            }
        }

        // Packets stop at the instant, and the interfaces follow; but none passes before they are up again.
        var carrierNs = _carrier is { } has ? _link.SetCarrier(has) : 0;
        return new StepAct(EffectNs, _carrier is true ? carrierNs : EffectNs);
    }

    /// <inheritdoc/>
    public void CallOff()
    {
        foreach (var change in _planned)
        {
            change.CallOff();
        }

        IsCalledOff = !Switched.IsCompleted;
    }
}
