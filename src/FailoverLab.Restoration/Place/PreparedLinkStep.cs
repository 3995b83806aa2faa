using System.Globalization;
using FailoverLab.Dataplane;
using FailoverLab.Hosts;

namespace FailoverLab.Restoration;

/// <summary>A link's change as a step that lies ready.</summary>
/// <param name="prepared">The change.</param>
/// <param name="clock">Reference clock.</param>
/// <param name="report">Takes what was read back, in words.</param>
internal sealed class PreparedLinkStep(IPreparedLink prepared, IClock clock, Action<string> report) : IPreparedStep
{
    /// <inheritdoc/>
    public StepAct Perform() => PerformAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void CallOff() => CallOffAsync().GetAwaiter().GetResult();

    private async Task<StepAct> PerformAsync()
    {
        var startedNs = clock.RealtimeNs;
        try
        {
            await using (prepared)
            {
                var act = await prepared.ActAsync();
                var acknowledgedNs = clock.RealtimeNs;
                var applied = await prepared.FinishAsync(CancellationToken.None);
                report(applied.Words);
                return act is null ? new StepAct(startedNs, acknowledgedNs) : OnReference(act);
            }
        }
        catch (StepHostException lost)
        {
            throw new StepFailedException(lost.Message, lost);
        }
    }

    private async Task CallOffAsync()
    {
        try
        {
            await prepared.DisposeAsync();
        }
        catch (StepHostException)
        {
            // The host is lost, and ends what it holds.
        }
    }

    private static StepAct OnReference(LinkAct act) => new(act.NotBeforeNs - act.OffsetNs, act.AtNs - act.OffsetNs)
    {
        Data = new Dictionary<string, string>
        {
            ["hostNs"] = act.NotBeforeNs.ToString(CultureInfo.InvariantCulture),
            ["boundNs"] = (act.BoundNs + act.AtNs - act.NotBeforeNs).ToString(CultureInfo.InvariantCulture),
        },
    };
}
