using System.Globalization;
using System.Text.Json;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>What a netem says of itself, read from <c>tc</c>'s JSON. Absent values are 0.</summary>
internal sealed record NetemReading
{
    private const double SpeaksSixDigits = 1e-5;
    private const double DelayTickSeconds = 1.5e-6;
    private const double ShareTick = 1e-9;

    /// <summary>Most packets inside.</summary>
    public long Limit { get; private init; }

    /// <summary>Middle of the delay, seconds.</summary>
    public double Delay { get; private init; }

    /// <summary>Spread, seconds.</summary>
    public double Spread { get; private init; }

    /// <summary>Share lost at random.</summary>
    public double Loss { get; private init; }

    /// <summary>Loss of two states or of four; <see langword="null"/> when loss is even.</summary>
    public LossPlan? Model { get; private init; }

    /// <summary>Share that comes twice.</summary>
    public double Duplicate { get; private init; }

    /// <summary>Share with a bit flipped.</summary>
    public double Corrupt { get; private init; }

    /// <summary>Share that skips the delay.</summary>
    public double Reorder { get; private init; }

    /// <summary>Bytes a second; 0 is none.</summary>
    public long Rate { get; private init; }

    /// <summary>Seed of its draws; <see langword="null"/> where the kernel tells none.</summary>
    public ulong? Seed { get; private init; }

    /// <summary>Settings this program never makes (slots, correlations, loss states, overheads, ECN), by name; empty when there are none.</summary>
    public string Foreign { get; private init; } = "";

    /// <summary>Reads the options of a netem.</summary>
    public static NetemReading Of(JsonElement options)
    {
        var foreign = new List<string>();
        foreach (var item in options.ValueKind == JsonValueKind.Object ? options.EnumerateObject() : default)
        {
            var isKnown = item.Name is "limit" or "delay" or "loss-random" or "loss-gemodel" or "loss-state" or "duplicate" or "corrupt" or "reorder" or "rate" or "ecn" or "gap" or "seed";
            if (!isKnown || (item.Name == "ecn" && item.Value.ValueKind == JsonValueKind.True)
                || Number(item.Value, "correlation") != 0 || Number(item.Value, "packetoverhead") != 0 || Number(item.Value, "cellsize") != 0
                || (item.Name == "gap" && item.Value.ValueKind == JsonValueKind.Number && item.Value.GetDouble() > 1))
            {
                foreign.Add(item.Name);
            }
        }

        return new NetemReading
        {
            Limit = (long)Number(options, "limit"),
            Delay = Inner(options, "delay", "delay"),
            Spread = Inner(options, "delay", "jitter"),
            Loss = Inner(options, "loss-random", "loss"),
            Model = LossModel(options),
            Duplicate = Inner(options, "duplicate", "duplicate"),
            Corrupt = Inner(options, "corrupt", "corrupt"),
            Reorder = Inner(options, "reorder", "reorder"),
            Rate = (long)Inner(options, "rate", "rate"),
            Seed = options.ValueKind == JsonValueKind.Object && options.TryGetProperty("seed", out var seed) && seed.ValueKind == JsonValueKind.Number && seed.TryGetUInt64(out var number) ? number : null,
            Foreign = string.Join(", ", foreign),
        };
    }

    /// <summary>
    /// What differs from what was asked, beyond what <c>tc</c> itself rounds: delays to ticks of 64 ns shown in whole microseconds, shares to 32 bits,
    /// rates to bytes a second, all printed with six digits.
    /// </summary>
    /// <returns>One phrase each; empty when it is as asked.</returns>
    public IReadOnlyList<string> Differences(NetemSettings asked)
    {
        var found = new List<string>();
        Compare("limit", asked.Limit, Limit, 0);
        Compare("delay", asked.DelayUs / 1e6, Delay, DelayTickSeconds);
        Compare("spread", asked.SpreadUs / 1e6, Spread, DelayTickSeconds);
        Compare("loss", asked.Loss, Loss, ShareTick);
        Compare("duplicate", asked.Duplicate, Duplicate, ShareTick);
        Compare("corrupt", asked.Corrupt, Corrupt, ShareTick);
        Compare("reorder", asked.Reorder, Reorder, ShareTick);
        Compare("rate", asked.Rate / 8, Rate, 1);
        var (wanted, applied) = (Chances(asked.Model), Chances(Model));
        if (asked.Model?.GetType() != Model?.GetType())
        {
            found.Add($"loss model: asked {asked.Model?.ToString() ?? "none"}, applied {Model?.ToString() ?? "none"}");
        }
        else
        {
            foreach (var (want, see) in wanted.Zip(applied))
            {
                Compare("chance of the loss model", want, see, ShareTick);
            }
        }

        return found;

        void Compare(string what, double want, double seen, double tick)
        {
            if (!(Math.Abs(want - seen) <= tick + (Math.Abs(want) * SpeaksSixDigits)))
            {
                found.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: asked {want:G7}, applied {seen:G7}"));
            }
        }
    }

    /// <summary>The values as a plan says them, where the delay has no table: a table cannot be read back.</summary>
    public LinkChange ToChange() => new()
    {
        Drop = Loss >= 1,
        Loss = Model is null && Loss < 1 ? Share(Loss) : null,
        LossModel = Model,
        Delay = Microseconds(Math.Max(0, Delay - Spread)),
        Jitter = Microseconds(2 * Spread),
        Overtake = Spread > 0 && Rate == 0,
        Duplicate = Share(Duplicate),
        Corrupt = Share(Corrupt),
        Reorder = Share(Reorder),
        Rate = Rate is 0 or NetemSettings.OrderRate / 8 ? LinkChange.Unlimited : new DataRate(Rate * 8),
    };

    /// <summary>The settings that bring this state about.</summary>
    public NetemSettings ToSettings() => new()
    {
        DelayUs = (long)Math.Round(Delay * 1e6),
        SpreadUs = (long)Math.Round(Spread * 1e6),
        Loss = Loss,
        Model = Model,
        Duplicate = Duplicate,
        Corrupt = Corrupt,
        Reorder = Reorder,
        Rate = Rate * 8,
        Limit = Limit,
        Seed = Seed,
    };

    /// <summary>The state in words.</summary>
    /// <param name="isTabled">Whether the spread follows a table.</param>
    public string Words(bool isTabled)
    {
        var words = new List<string>();
        Add(Delay > 0 || Spread > 0, Spread == 0 ? $"delay {Time(Delay)}" : isTabled
            ? $"delay {Time(Math.Max(0, Delay - (4 * Spread)))} to {Time(Delay + (4 * Spread))} by a table"
            : $"delay {Time(Delay - Spread)} to {Time(Delay + Spread)}");
        Add(Spread > 0, Rate > 0 ? "in order" : "overtaking");
        Add(Loss > 0, $"loss {Share(Loss)}");
        Add(Model is not null, $"loss {(Model is StateLossPlan ? "of four states" : "of two states")} {string.Join('/', Chances(Model).Select(c => Share(c)))}");
        Add(Duplicate > 0, $"duplicate {Share(Duplicate)}");
        Add(Corrupt > 0, $"corrupt {Share(Corrupt)}");
        Add(Reorder > 0, $"reorder {Share(Reorder)}");
        Add(Rate is > 0 and < NetemSettings.OrderRate / 8, $"rate {new DataRate(Rate * 8)}");
        words.Add(string.Create(CultureInfo.InvariantCulture, $"limit {Limit} packets"));
        return string.Join(", ", words);

        void Add(bool isSet, string word)
        {
            if (isSet)
            {
                words.Add(word);
            }
        }

        static string Time(double seconds) => DurationText.Format(TimeSpan.FromSeconds(seconds));
    }

    private static LossPlan? LossModel(JsonElement options) => options.ValueKind != JsonValueKind.Object ? null
        : options.TryGetProperty("loss-gemodel", out var two) ? new GilbertElliottPlan(At(two, "p"), At(two, "r"), At(two, "1-h"), At(two, "1-k"))
        : options.TryGetProperty("loss-state", out var four) ? new StateLossPlan(At(four, "p13"), At(four, "p31"), At(four, "p32"), At(four, "p23"), At(four, "p14"))
        : null;

    private static double[] Chances(LossPlan? model) => model switch
    {
        GilbertElliottPlan g => [g.ToBad.Value, g.ToGood.Value, g.InBad.Value, g.InGood.Value],
        StateLossPlan s => [s.P13.Value, s.P31.Value, s.P32.Value, s.P23.Value, s.P14.Value],
        _ => [],
    };

    private static TimeSpan Microseconds(double seconds) => TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6));

    private static Ratio At(JsonElement item, string name) => Share(Number(item, name));

    private static Ratio Share(double value) => new(Math.Clamp(value, 0, 1));

    private static double Inner(JsonElement options, string group, string name) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(group, out var inner) ? Number(inner, name) : 0;

    private static double Number(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
}
