using FailoverLab.Analysis;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>What a link that does as it is asked shows to captures on both sides. Pure.</summary>
internal static class LinkExpectation
{
    /// <summary>Quantiles are taken so much to either side: between them a distribution may jump.</summary>
    private const double Beside = 0.005;

    /// <summary>A thousand packets have their least delay below this quantile.</summary>
    private const double NearLeast = 0.02;

    /// <summary>What to expect of one direction over a stretch.</summary>
    /// <param name="link">Every value of the direction in that stretch.</param>
    /// <param name="path">Path name.</param>
    /// <param name="isUp">Whether it is the direction from the site.</param>
    /// <param name="fromNs">Begin of the stretch, ns since the Unix epoch.</param>
    /// <param name="toNs">Its end.</param>
    public static LinkAsked Of(LinkChange link, string path, bool isUp, long fromNs, long toNs)
    {
        var asked = new LinkAsked
        {
            Path = path,
            IsUp = isUp,
            FromNs = fromNs,
            ToNs = toNs,
            Words = Words(link),
            RateBitsPerSecond = link.Rate is { } rate && rate != LinkChange.Unlimited ? rate.BitsPerSecond : null,
            QueueNs = QueueNs(link),
        };
        if (link.Trace is { IsNone: false })
        {
            // A trace says something else at each instant.
            return asked with { RateBitsPerSecond = null };
        }

        var (min, median, p99) = Delays(link);
        return asked with
        {
            Loss = Loss(link),
            LossClumping = Clumping(link),
            DelayMinNs = link.Drop is true ? null : min,
            DelayMedianNs = link.Drop is true ? null : median,
            DelayP99Ns = link.Drop is true ? null : p99,
        };
    }

    /// <summary>Every value that says something, in words.</summary>
    public static string Words(LinkChange link) => ImpairmentText.DescribeProfile(link with { Carrier = null, Drop = link.Drop is true ? true : null });

    /// <summary>Longest a packet may stay inside such a link, ns.</summary>
    public static long LongestNs(LinkChange link) =>
        (long)new DelayQuantiles(link).At(1) + QueueNs(link) + (link.Slots is { IsNone: false } slots ? slots.Longest.Ticks * 100 : 0);

    private static AskedRange Loss(LinkChange link)
    {
        if (link.Drop is true)
        {
            return new AskedRange(1, 1);
        }

        var mean = link.LossModel?.MeanShare ?? link.Loss?.Value ?? 0;
        var isVaried = link.Slots is { IsNone: false } and ({ Handover: not null } or { Obstruction: not null });
        // A packet with a flipped bit may not be known again; one above the MTU is dropped.
        var most = isVaried || (link.Mtu is { } mtu && mtu != LinkChange.NoMtu) ? 1 : 1 - ((1 - mean) * (1 - (link.Corrupt?.Value ?? 0)));
        return new AskedRange(mean, most);
    }

    /// <summary>Variance of the share lost, against that of single losses: (1 + r) / (1 - r) for a chain that remembers a share r from packet to packet.</summary>
    private static double Clumping(LinkChange link) => link.LossModel switch
    {
        BurstLossPlan b => b.Burst,
        GilbertElliottPlan g => Remembering(1 - g.ToBad.Value - g.ToGood.Value),
        StateLossPlan s => Remembering(1 - Math.Min(s.P13.Value + s.P31.Value, Math.Max(s.P23.Value + s.P32.Value, s.P31.Value))),
        _ => 1,
    };

    private static double Remembering(double share) => share <= 0 ? 1 : (1 + share) / Math.Max(1e-6, 1 - share);

    private static (AskedRange Min, AskedRange Median, AskedRange P99) Delays(LinkChange link)
    {
        var delay = new DelayQuantiles(link);
        var (level, most) = link.Slots is { IsNone: false } slots ? (slots.LevelMin.Ticks * 100.0, slots.Longest.Ticks * 100.0) : (0, 0);
        // Where order is kept, a packet waits for those before it: every figure but the least may lie anywhere above its quantile.
        var keepsOrder = link.Overtake is not true && !delay.IsFixed;
        var longest = delay.At(1);
        return (
            new AskedRange(delay.At(0) + level, (keepsOrder ? longest : delay.At(NearLeast)) + most),
            Around(0.5),
            Around(0.99));

        AskedRange Around(double share) =>
            new(delay.At(Math.Max(0, share - Beside)) + level, (keepsOrder ? longest : delay.At(Math.Min(1, share + Beside))) + most);
    }

    private static long QueueNs(LinkChange link)
    {
        if (link.Rate is not { } rate || rate == LinkChange.Unlimited || link.Queue is not { } queue)
        {
            return 0;
        }

        var bytes = queue.Bytes ?? (queue.Packets * 1_514L);
        return queue.Time?.Ticks * 100 ?? (long)(bytes!.Value * 8e9 / rate.BitsPerSecond);
    }
}
