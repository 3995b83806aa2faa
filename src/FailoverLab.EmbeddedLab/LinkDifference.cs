using FailoverLab.Emulator;
using FailoverLab.Primitives;

namespace FailoverLab.EmbeddedLab;

/// <summary>What a direction of a link does otherwise than its profile says. Pure.</summary>
internal static class LinkDifference
{
    /// <summary>The differences in words; empty when there are none.</summary>
    public static string Words(LinkImpairments now, LinkImpairments profile)
    {
        if (!now.IsUp || !now.HasCarrier)
        {
            return "no carrier";
        }

        if (now.Drop && !profile.Drop)
        {
            return "silent drop";
        }

        var words = new List<string>();
        Add(now.Drop != profile.Drop, "no silent drop");
        Add(now.Loss != profile.Loss || now.LossPattern != profile.LossPattern, now.LossPattern is { } pattern ? $"loss by {pattern.GetType().Name}" : $"loss {now.Loss}");
        Add(now.Delay != profile.Delay, $"delay {DurationText.Format(now.Delay)}");
        Add(now.Jitter != profile.Jitter || Distribution(now) != Distribution(profile), $"jitter {DurationText.Format(now.Jitter)}{Distribution(now)}");
        Add(now.KeepsOrder != profile.KeepsOrder, now.KeepsOrder ? "order kept" : "packets may overtake");
        Add(now.Duplicate != profile.Duplicate, $"duplicate {now.Duplicate}");
        Add(now.Corrupt != profile.Corrupt, $"corrupt {now.Corrupt}");
        Add(now.Reorder != profile.Reorder, $"reorder {now.Reorder}");
        Add(now.Rate != profile.Rate, now.Rate is { } rate ? $"rate {rate}" : "rate unlimited");
        Add(now.Mtu != profile.Mtu, now.Mtu is { } mtu ? $"MTU {mtu}B" : "MTU unlimited");
        Add(now.Slots != profile.Slots, now.Slots is null ? "no slots" : "slots");
        Add(IsTraced(now) != IsTraced(profile), IsTraced(now) ? "trace" : "no trace");
        return string.Join(", ", words);

        void Add(bool differs, string word)
        {
            if (differs)
            {
                words.Add(word);
            }
        }
    }

    private static string Distribution(LinkImpairments link) => link.JitterModel switch
    {
        NormalJitter => " (normal)",
        ParetoJitter => " (Pareto)",
        TableJitter => " (table)",
        _ => "",
    };

    private static bool IsTraced(LinkImpairments link) => link.Deliveries is not null || link.Conditions is not null;
}
