using System.Globalization;
using System.Text.Json;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>A token bucket: rate, burst, and a queue counted in bytes. Pure.</summary>
/// <param name="Rate">Bit/s.</param>
/// <param name="Burst">Bytes that may pass at once.</param>
/// <param name="Limit">Bytes that may wait.</param>
internal sealed record TbfSettings(long Rate, long Burst, long Limit)
{
    /// <summary>The bucket must hold a frame, and what passes in the time the kernel may be late.</summary>
    private const double LatenessSeconds = 0.0005;

    // Above any line that a rate is set on; a bucket of a millisecond then passes whatever the sender joins into one.
    private const long OpenRate = 100_000_000_000;

    /// <summary>The bucket of a link's whole state; <see langword="null"/> without a rate.</summary>
    public static TbfSettings? Of(LinkChange state)
    {
        if (state.Rate is not { } rate || rate == LinkChange.Unlimited)
        {
            return null;
        }

        var queue = state.Queue ?? QueuePlan.Default;
        var waiting = queue.Bytes
            ?? (queue.Packets is { } packets ? (long)packets * NetemLimit.LargeFrame
            : (long)Math.Ceiling(rate.BitsPerSecond / 8.0 * (queue.Time ?? QueuePlan.Default.Time!.Value).TotalSeconds));
        var burst = Math.Max(NetemLimit.LargeFrame + 26, (long)(rate.BitsPerSecond / 8.0 * LatenessSeconds));
        return new TbfSettings(rate.BitsPerSecond, burst, Math.Clamp(waiting, NetemLimit.LargeFrame, 2_000_000_000) + burst);
    }

    /// <summary>
    /// A bucket that holds nothing back: what a rate becomes when it is lifted. What waits then goes on its way at once, where taking the bucket away would lose it.
    /// </summary>
    /// <param name="before">The bucket as it is; its queue stays as long.</param>
    public static TbfSettings Open(TbfSettings before) => new(OpenRate, OpenRate / 8 / 1000, Math.Max(before.Limit, OpenRate / 8 / 100));

    /// <summary>Whether a rate that was read is an open bucket's.</summary>
    public static bool IsOpen(DataRate rate) => rate.BitsPerSecond >= OpenRate;

    /// <summary>As <c>tc</c>'s arguments.</summary>
    public IReadOnlyList<string> Arguments =>
        ["tbf", "rate", $"{Text(Rate)}bit", "burst", Text(Burst), "limit", Text(Limit)];

    /// <summary>What differs in what <c>tc</c> printed, beyond its rounding of rates to bytes a second and of times to ticks; empty when nothing does.</summary>
    public IReadOnlyList<string> Differences(JsonElement options)
    {
        var (rate, burst) = (Number(options, "rate"), Number(options, "burst"));
        var found = new List<string>();
        if (Math.Abs(rate - (Rate / 8)) > 1)
        {
            found.Add($"rate: asked {Rate / 8} bytes/s, applied {rate}");
        }

        // A burst is kept as the time it takes at the rate, in ticks of 64 ns.
        if (Math.Abs(burst - Burst) > 1 + (Rate / 8 * 128e-9))
        {
            found.Add($"burst: asked {Burst} bytes, applied {burst}");
        }

        // The limit is printed as the time the last byte waits, in microseconds; older tc prints milliseconds and names it otherwise.
        var wait = (Limit - Burst) * 8e6 / Rate;
        if (options.TryGetProperty("lat", out _) && Math.Abs(Number(options, "lat") - wait) > 2 + (wait * 1e-3))
        {
            found.Add(string.Create(CultureInfo.InvariantCulture, $"longest wait: asked {wait:0} us, applied {Number(options, "lat")} us"));
        }

        return found;
    }

    /// <summary>In words.</summary>
    public string Words => $"rate {new DataRate(Rate)}, queue {Limit - Burst} bytes, burst {Burst} bytes";

    private static double Number(JsonElement options, string name) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
