using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>What nftables, token buckets and <c>ip link</c> cannot do to a link. Pure.</summary>
internal static class NftLimits
{
    /// <summary>What they cannot do of a change, each with the driver that can.</summary>
    public static IReadOnlyList<string> CannotDo(LinkChange change)
    {
        var faults = new List<string>();
        Check(change.LossModel is not (null or EveryNthLossPlan or BurstLossPlan or GilbertElliottPlan or StateLossPlan), Beyond.Unknown("nft", change.LossModel));
        Check(change.Delay > TimeSpan.Zero || change.Jitter > TimeSpan.Zero || change.DelayModel is not null, "nft cannot delay packets; driver 'netem' can");
        Check(change.LossModel is GilbertElliottPlan or StateLossPlan, "nft has no loss with states; driver 'netem' has");
        Check(change.LossModel is BurstLossPlan { Burst: > 1 }, "nft cannot lose bursts; driver 'wanulator' can");
        Check(change.Duplicate is { Value: > 0 }, "nft cannot double packets; driver 'netem' can");
        Check(change.Corrupt is { Value: > 0 }, "nft cannot damage packets; driver 'netem' can");
        Check(change.Reorder is { Value: > 0 }, "nft cannot reorder packets; driver 'netem' can");
        Check(change.Trace is { IsNone: false }, $"nft cannot follow a trace; {Beyond.Emulator}");
        Check(change.Slots is { IsNone: false }, $"nft cannot follow slots of wall time; {Beyond.Emulator}");
        Check(change.Queue is { Drop: QueueDrop.Codel }, $"a token bucket's queue drops at the tail only; {Beyond.Emulator}");
        return faults;

        void Check(bool isImpossible, string fault)
        {
            if (isImpossible)
            {
                faults.Add(fault);
            }
        }
    }
}
