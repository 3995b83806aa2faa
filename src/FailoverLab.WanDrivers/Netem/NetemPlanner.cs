using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>From what a plan says of a link to what netem is told, and what it cannot be told. Pure.</summary>
internal static class NetemPlanner
{
    /// <summary>netem multiplies the spread in 32 bits: beyond this, delays of seconds come out of nowhere.</summary>
    private static readonly TimeSpan LargestSpread = TimeSpan.FromSeconds(2.1);

    /// <summary>What netem cannot do of a change, each with the driver that can.</summary>
    public static IReadOnlyList<string> CannotDo(LinkChange change)
    {
        var faults = new List<string>();
        Check(change.LossModel is not (null or EveryNthLossPlan or BurstLossPlan or GilbertElliottPlan or StateLossPlan), Beyond.Unknown("netem", change.LossModel));
        Check(change.Carrier == false, "netem cannot take the carrier away; driver 'nft' can (ip link set down), and driver 'pve' (link_down)");
        Check(change.LossModel is EveryNthLossPlan, "netem cannot lose every n-th packet; driver 'nft' can, and driver 'wanulator'");
        Check(change.LossModel is BurstLossPlan { Burst: > 1 }, "netem cannot lose bursts of a fixed length; driver 'wanulator' can (or use the model 'gilbert')");
        Check(change.Mtu is { } mtu && mtu != LinkChange.NoMtu, "netem cannot drop by size; driver 'nft' can");
        Check(change.Trace is { IsNone: false }, $"netem cannot follow a trace; {Beyond.Emulator}");
        Check(change.Slots is { IsNone: false }, $"netem cannot follow slots of wall time; {Beyond.Emulator}");
        Check(change.Queue is { Drop: QueueDrop.Codel }, $"netem's queue drops at the tail only; {Beyond.Emulator}");
        var isLimited = change.Rate is { } rate && rate != LinkChange.Unlimited;
        Check(change.Overtake == true && isLimited, $"netem keeps order as soon as it has a rate; {Beyond.Emulator}");
        Check(change.Reorder is { Value: > 0 } && isLimited, $"packets that netem lets skip the delay skip its rate too; {Beyond.Emulator}");
        var range = change.DelayModel is { } model ? DelayTable.Longest(model) : change.Jitter ?? TimeSpan.Zero;
        Check(range / (change.DelayModel is null ? 2 : 8) > LargestSpread, $"netem cannot spread delays over {DurationText.Format(range)}; {Beyond.Emulator}");
        return faults;

        void Check(bool isImpossible, string fault)
        {
            if (isImpossible)
            {
                faults.Add(fault);
            }
        }
    }

    /// <summary>What netem does beyond what is asked of a link's whole state in one direction, with the cure; empty when nothing.</summary>
    public static IReadOnlyList<(string Words, string Cure)> Beside(LinkChange state) =>
        NetemLimit.Overrun(Longest(state), state.Rate ?? LinkChange.Unlimited, state.Queue) is not { } overrun ? [] :
        [
            (string.Create(CultureInfo.InvariantCulture, $"netem counts packets, delayed and waiting alike: it holds {overrun.Limit} and loses the rest in silence when more than {overrun.PacketsPerSecond} small packets/s come"),
                string.Create(CultureInfo.InvariantCulture, $"leave 'queue' out, or write at least queue: {overrun.Enough}packets")),
        ];

    /// <summary>The settings of a link's whole state in one direction.</summary>
    /// <param name="state">The state; absent values do nothing to packets.</param>
    /// <param name="seed">Seed, where the host knows one.</param>
    /// <param name="isTabled">Whether a table may be in place already, so that even jitter needs one of its own: netem never gives a table back.</param>
    public static NetemSettings Plan(LinkChange state, ulong? seed, bool isTabled)
    {
        var (delay, jitter) = (state.Delay ?? TimeSpan.Zero, state.Jitter ?? TimeSpan.Zero);
        var longest = Longest(state);
        var model = state.DelayModel ?? (jitter > TimeSpan.Zero && isTabled ? new UniformDelayPlan(delay, delay + jitter) : null);
        var (table, middle, spread) = model is null
            ? (null, Ceiling(delay) + Ceiling(jitter / 2), Ceiling(jitter / 2))
            : DelayTable.Of(model);
        var rate = state.Rate ?? LinkChange.Unlimited;
        return new NetemSettings
        {
            DelayUs = middle,
            SpreadUs = spread,
            Table = table,
            Loss = state.Drop == true ? 1 : state.LossModel is BurstLossPlan { Burst: 1 } one ? one.Share.Value : state.LossModel is null ? state.Loss?.Value ?? 0 : 0,
            Model = state.Drop == true ? null : state.LossModel as GilbertElliottPlan as LossPlan ?? state.LossModel as StateLossPlan,
            Duplicate = state.Duplicate?.Value ?? 0,
            Corrupt = state.Corrupt?.Value ?? 0,
            Reorder = longest > TimeSpan.Zero ? state.Reorder?.Value ?? 0 : 0,
            Rate = rate != LinkChange.Unlimited ? rate.BitsPerSecond : spread > 0 && state.Overtake != true ? NetemSettings.OrderRate : 0,
            Limit = NetemLimit.Of(longest, rate, state.Queue),
            Seed = seed,
        };
    }

    private static TimeSpan Longest(LinkChange state) =>
        state.DelayModel is { } drawn ? DelayTable.Longest(drawn) : (state.Delay ?? TimeSpan.Zero) + (state.Jitter ?? TimeSpan.Zero);

    private static long Ceiling(TimeSpan time) => (long)Math.Ceiling(time.TotalMicroseconds);
}
