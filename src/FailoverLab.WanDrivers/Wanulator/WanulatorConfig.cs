using System.Globalization;
using System.Text;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>
/// A WANulator's configuration file (<c>.wcfg</c>), written from what a plan says of a link. Meanings as seen in the files of the lab that used it;
/// what acts on an interface acts on the packets that leave it. Pure.
/// </summary>
internal static class WanulatorConfig
{
    /// <summary>A delay of 1 in a file.</summary>
    private static readonly TimeSpan DelayStep = TimeSpan.FromMilliseconds(10);

    private static readonly CompositeFormat Function = CompositeFormat.Parse(
        "  <SimFn Type=\"{0}\" Name=\"{1}\" Filter=\"0\">\n   <Timing Type=\"{2}\" Burst=\"{3}\" Chance=\"{4}\" Static=\"{5}\"/>\n   <Params{6}/>\n  </SimFn>\n");

    /// <summary>What a WANulator cannot do of a change, each with the driver that can.</summary>
    public static IReadOnlyList<string> CannotDo(LinkChange change)
    {
        var faults = new List<string>();
        Check(change.LossModel is not (null or EveryNthLossPlan or BurstLossPlan or GilbertElliottPlan or StateLossPlan), Beyond.Unknown("a WANulator", change.LossModel));
        Check(change.Carrier == false, "a WANulator cannot take the carrier away; driver 'pve' can (link_down)");
        Check(change.Delay is { } delay && delay.Ticks % DelayStep.Ticks != 0, $"a WANulator delays in steps of {DurationText.Format(DelayStep)}; driver 'netem' in microseconds");
        Check(change.Jitter is { } jitter && jitter.Ticks % DelayStep.Ticks != 0, $"a WANulator's jitter has steps of {DurationText.Format(DelayStep)}; driver 'netem' has microseconds");
        Check(change.DelayModel is not null, "a WANulator's jitter is even; driver 'netem' has distributions");
        Check(change.LossModel is GilbertElliottPlan or StateLossPlan, "a WANulator has no loss with states; driver 'netem' has");
        Check(change.Loss is { } loss && !IsWholePercent(loss), "a WANulator loses whole percents; driver 'netem' has fractions");
        Check(change.LossModel is BurstLossPlan { Share: var share } && !IsWholePercent(share), $"a WANulator loses whole percents; {Beyond.Emulator}");
        Check(change.Duplicate is { Value: > 0 } || change.Corrupt is { Value: > 0 },
            "how a WANulator is told to double or damage packets is not known; driver 'netem' can");
        Check(change.Reorder is { } skipping && !IsWholePercent(skipping), "a WANulator delays whole percents of the packets; driver 'netem' has fractions");
        Check(change.Reorder is { Value: > 0 } && change.Delay > TimeSpan.Zero && change.Jitter > TimeSpan.Zero,
            "a WANulator draws for delay and jitter apart which packets skip them; driver 'netem' draws once");
        Check(change.Mtu is { } mtu && mtu != LinkChange.NoMtu, "a WANulator cannot drop by size; driver 'nft' can");
        Check(change.Queue is { IsDefault: false }, "a WANulator's queue cannot be set; driver 'nft' can");
        Check(change.Trace is { IsNone: false } || change.Slots is { IsNone: false }, $"a WANulator cannot follow traces or slots; {Beyond.Emulator}");
        return faults;

        void Check(bool isImpossible, string fault)
        {
            if (isImpossible)
            {
                faults.Add(fault);
            }
        }
    }

    /// <summary>The file for both directions.</summary>
    /// <param name="lan">The interface towards the site, and what leaves by it.</param>
    /// <param name="wan">The interface towards the far end, and what leaves by it.</param>
    public static string Text((string Name, LinkChange State) lan, (string Name, LinkChange State) wan)
    {
        var text = new StringBuilder("<!DOCTYPE WANulatorConfigXML>\n<WANulatorConfigV2 NetworkMode=\"0\">\n");
        foreach (var (name, state) in (ReadOnlySpan<(string, LinkChange)>)[lan, wan])
        {
            text.Append(CultureInfo.InvariantCulture, $" <Interface Name=\"{name}\" UseDHCP=\"0\" IpAddr=\"0.0.0.0\" IpMask=\"0\">\n");
            Functions(text, state);
            text.Append(" </Interface>\n");
        }

        return text.Append("</WANulatorConfigV2>\n").ToString();
    }

    /// <summary>What a state does to packets, in words.</summary>
    public static string Words(LinkChange state) => string.Join(", ", new[]
    {
        state.Drop == true ? "silent drop" : "",
        state.Rate is { } rate && rate != LinkChange.Unlimited ? $"rate {rate}" : "",
        state.Delay > TimeSpan.Zero ? $"delay {DurationText.Format(state.Delay.Value)}" : "",
        state.Jitter > TimeSpan.Zero ? $"jitter {DurationText.Format(state.Jitter.Value)}" : "",
        state.Reorder is { Value: > 0 } skip ? $"{skip} not delayed" : "",
        state.LossModel switch { EveryNthLossPlan nth => $"every {nth.Every}th packet lost", BurstLossPlan b => $"loss {b.Share} of {b.Burst} in a row", _ => state.Loss is { Value: > 0 } l ? $"loss {l}" : "" },
    }.Where(w => w.Length > 0).DefaultIfEmpty("good"));

    // The first function is always the rate limit; 0 is none. A timing of type 2 hits every n-th packet, of type 3 at random.
    private static void Functions(StringBuilder text, LinkChange state)
    {
        var rate = state.Rate is { } limit && limit != LinkChange.Unlimited ? limit.BitsPerSecond : 0;
        Add(6, "Limit", timing: 0, burst: 1, chance: 0, every: 0, $" Speed=\"{rate}\"");
        AddDelay(state.Delay, type: 0);
        AddDelay(state.Jitter, type: 1);
        switch (state.LossModel)
        {
            case var _ when state.Drop == true:
                Add(2, "Drop", timing: 2, burst: 1, chance: 0, every: 1, "");
                break;
            case EveryNthLossPlan nth:
                Add(2, "Drop", timing: 2, burst: 1, chance: 0, every: nth.Every, "");
                break;
            case BurstLossPlan burst:
                Add(2, "Drop", timing: 3, burst.Burst, Percent(burst.Share), every: 0, "");
                break;
            default:
                if (state.Loss is { Value: > 0 } loss)
                {
                    Add(2, "Drop", timing: 3, burst: 1, Percent(loss), every: 0, "");
                }

                break;
        }

        void AddDelay(TimeSpan? delay, int type)
        {
            if (delay > TimeSpan.Zero)
            {
                // What skips the delay is drawn: the others are hit at random, as in the file jitter_50_150 of the lab.
                var (timing, chance, every) = state.Reorder is { Value: > 0 } skip ? (3, 100 - Percent(skip), 0) : (2, 0, 1);
                Add(1, "Delay", timing, burst: 1, chance, every, $" DelayValue=\"{delay.Value.Ticks / DelayStep.Ticks}\" DelayType=\"{type}\"");
            }
        }

        void Add(int type, string name, int timing, int burst, int chance, int every, string parameters) =>
            text.AppendFormat(CultureInfo.InvariantCulture, Function, type, name, timing, burst, chance, every, parameters);
    }

    private static int Percent(Ratio share) => (int)Math.Round(share.Value * 100);

    private static bool IsWholePercent(Ratio share) => Math.Abs((share.Value * 100) - Percent(share)) < 1e-9;
}
