using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads the impairments that profiles and degrade steps share.</summary>
internal static class ImpairmentReader
{
    public static TimeSpan MaxDelay { get; } = TimeSpan.FromSeconds(60);

    public static LinkChange Read(MappingReader reader)
    {
        return new LinkChange
        {
            Loss = reader.Optional("loss").Ratio(),
            Delay = reader.Optional("delay").Duration(TimeSpan.Zero, MaxDelay),
            Jitter = reader.Optional("jitter").Duration(TimeSpan.Zero, MaxDelay),
            Rate = Rate(reader.Optional("rate")),
        };
    }

    private static DataRate? Rate(ValueReader value) =>
        value.Node is YamlScalar { Text: "unlimited" } ? LinkChange.Unlimited : value.Rate();

    /// <summary>A change in words: <c>drop on, loss 15%</c>.</summary>
    public static string Describe(LinkChange change)
    {
        var parts = new List<string>();
        Add(change.Carrier, c => c ? "carrier on" : "carrier off");
        Add(change.Drop, d => d ? "drop all" : "drop nothing");
        Add(change.Loss, l => $"loss {l}");
        Add(change.Delay, d => $"delay {DurationText.Format(d)}");
        Add(change.Jitter, j => $"jitter {DurationText.Format(j)}");
        Add(change.Rate, r => r == LinkChange.Unlimited ? "rate unlimited" : $"rate {r}");
        return string.Join(", ", parts);

        void Add<T>(T? value, Func<T, string> words)
            where T : struct
        {
            if (value is { } v)
            {
                parts.Add(words(v));
            }
        }
    }
}
