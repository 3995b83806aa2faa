using System.Globalization;
using System.Text;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>A profile learned from a log, and how well each value is known.</summary>
public sealed record LearnedProfile
{
    /// <summary>What a profile may be named, in words.</summary>
    public static string NameWords => NameForm.ProfileWords;

    /// <summary>Round trips.</summary>
    public required int Samples { get; init; }

    /// <summary>Those that were lost.</summary>
    public required int Lost { get; init; }

    /// <summary>Median time between two of them, ns.</summary>
    public required long IntervalNs { get; init; }

    /// <summary>One-way delay: half the round trip.</summary>
    public required TableDelayPlan Delay { get; init; }

    /// <summary>Mean difference of successive one-way delays, ns.</summary>
    public required long JitterNs { get; init; }

    /// <summary>Median one-way delay with its 95 % interval, ns.</summary>
    public required (long Value, long Low, long High) MedianNs { get; init; }

    /// <summary>99th percentile with its 95 % interval, ns.</summary>
    public required (long Value, long Low, long High) P99Ns { get; init; }

    /// <summary>Share of round trips lost with its exact 95 % interval.</summary>
    public required (double Value, double Low, double High) LossShare { get; init; }

    /// <summary>Loss in bursts, one way; <see langword="null"/> where losses come singly, as far as the log shows.</summary>
    public required GilbertElliottPlan? Loss { get; init; }

    /// <summary>Whether a profile may be named so; no other is taken by whoever reads it.</summary>
    public static bool IsName(string name) => NameForm.IsProfile(name);

    /// <summary>The profile as a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="log">The log it was learned from, as the person named it.</param>
    public string Yaml(string name, string log)
    {
        var text = new StringBuilder();
        Line($"version: 1");
        Line($"name: {name}");
        Line($"source: \"learned from {Escaped(log)}: {Samples} round trips, one every {DurationText.FormatNs(IntervalNs)}; one way is half the round trip\"");
        Line($"both:");
        Line($"  # Median {Ns(MedianNs.Value)} ({Ns(MedianNs.Low)} to {Ns(MedianNs.High)}), 99th percentile {Ns(P99Ns.Value)} ({Ns(P99Ns.Low)} to {Ns(P99Ns.High)}), of {Samples - Lost} samples;");
        Line($"  # intervals hold with 95 %. Mean difference from one delay to the next (jitter): {Ns(JitterNs)}. 21 quantiles, 5 % apart:");
        Line($"  delay: {{ table: [{string.Join(", ", Delay.Quantiles.Select(q => Ns(q.Ticks * 100)))}] }}");
        Line($"  # {Lost} of {Samples} round trips lost: {Percent(LossShare.Value)} ({Percent(LossShare.Low)} to {Percent(LossShare.High)}, 95 %); half of it each way.");
        if (Loss is { } bursts)
        {
            Line($"  # A loss follows a loss more often than chance has it (99 %): bursts of {(1 / bursts.ToGood.Value).ToString("0.##", CultureInfo.InvariantCulture)} probes on average, at the log's own interval.");
            Line($"  loss: {{ gilbert: {{ to-bad: {Percent(bursts.ToBad.Value)}, to-good: {Percent(bursts.ToGood.Value)} }} }}");
        }
        else
        {
            Line($"  # Losses come singly, as far as {Lost} of them show.");
            Line($"  loss: {Percent(1 - Math.Sqrt(1 - LossShare.Value))}");
        }
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Ns(long ns) => DurationText.FormatNs(ns);

    private static string Percent(double share) => (share * 100).ToString("0.####", CultureInfo.InvariantCulture) + "%";

    private static string Escaped(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
