using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>
/// How many packets a netem must be allowed to hold. It counts packets, delayed and queued alike, and drops those above the count without a
/// word; its own default of 1,000 is two milliseconds of small packets. Pure.
/// </summary>
internal static class NetemLimit
{
    /// <summary>Frame of a 1,500-byte packet, as netem counts it: with the Ethernet header, without checksum.</summary>
    public const int LargeFrame = 1514;

    /// <summary>Smallest frame.</summary>
    public const int SmallFrame = 60;

    /// <summary>Small packets of a full gigabit Ethernet, a second: what is expected at most where the link has no rate.</summary>
    private const double LineRatePackets = 1_488_096;

    private const double Margin = 1.25;
    private const long Least = 1000;
    private const long Most = 100_000_000;

    /// <summary>The limit of a link.</summary>
    /// <param name="longest">Longest delay.</param>
    /// <param name="rate">Rate limit, or <see cref="LinkChange.Unlimited"/>.</param>
    /// <param name="queue">Queue asked for before the rate; <see langword="null"/> or <see cref="QueuePlan.IsDefault"/> when nobody asked for one.</param>
    /// <returns>Packets, 1,000 to 100,000,000 without an asked queue.</returns>
    public static long Of(TimeSpan longest, DataRate rate, QueuePlan? queue)
    {
        if (rate == LinkChange.Unlimited)
        {
            return (long)Math.Clamp(Math.Ceiling(LineRatePackets * longest.TotalSeconds * Margin), Least, Most);
        }

        // Whoever asks for a queue gets that one, counted in frames of 1,514 bytes. Who does not must never lose a packet to the count: the delay is
        // then counted in frames of 60 bytes, and the queue comes on top.
        var isAsked = queue is { IsDefault: false };
        var wanted = queue ?? QueuePlan.Default;
        var waiting = wanted.Packets
            ?? (wanted.Bytes is { } bytes ? (double)bytes / LargeFrame : Frames(rate, wanted.Time ?? QueuePlan.Default.Time!.Value, LargeFrame));
        var inside = Frames(rate, longest, isAsked ? LargeFrame : SmallFrame);
        return (long)Math.Clamp(isAsked ? Math.Ceiling(inside + waiting) : Math.Ceiling((inside + waiting) * Margin), isAsked ? 1 : Least, Most);
    }

    /// <summary>What the count loses in silence where a queue was asked for: small packets that come faster than the limit passes them through the delay.</summary>
    /// <param name="longest">Longest delay.</param>
    /// <param name="rate">Rate limit, or <see cref="LinkChange.Unlimited"/>.</param>
    /// <param name="queue">Queue asked for.</param>
    /// <returns>Most packets a second that pass, and the packets the queue must have for the rate to be the only limit; <see langword="null"/> when it is.</returns>
    public static (long Limit, long PacketsPerSecond, long Enough)? Overrun(TimeSpan longest, DataRate rate, QueuePlan? queue)
    {
        if (rate == LinkChange.Unlimited || longest <= TimeSpan.Zero || queue is not { IsDefault: false })
        {
            return null;
        }

        var limit = Of(longest, rate, queue);
        var passed = (long)(limit / longest.TotalSeconds);
        return passed >= rate.BitsPerSecond / (8 * SmallFrame) ? null : (limit, passed, (long)Math.Ceiling(Frames(rate, longest, SmallFrame) - Frames(rate, longest, LargeFrame)) + 1);
    }

    private static double Frames(DataRate rate, TimeSpan time, int bytes) => rate.BitsPerSecond * time.TotalSeconds / (8 * bytes);
}
