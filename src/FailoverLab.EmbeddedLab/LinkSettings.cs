using FailoverLab.Emulator;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>Between what a plan says of a link and what the emulator runs. Pure.</summary>
internal static class LinkSettings
{
    /// <summary>Emulator settings of a whole profile.</summary>
    public static LinkImpairments Of(LinkChange profile) => Change(LinkImpairments.None, profile);

    /// <summary>Settings after a change; what the change does not name stays.</summary>
    public static LinkImpairments Change(LinkImpairments now, LinkChange change) => now with
    {
        Drop = change.Drop ?? now.Drop,
        Loss = change.Loss ?? now.Loss,
        Delay = change.Delay ?? now.Delay,
        Jitter = change.Jitter ?? now.Jitter,
        Rate = change.Rate is { } rate ? (rate == LinkChange.Unlimited ? null : rate) : now.Rate,
    };

    /// <summary>What differs from the profile, in words; <c>good</c> when nothing does.</summary>
    public static string Describe(LinkImpairments up, LinkImpairments down, LinkImpairments profile)
    {
        var (towards, back) = (Differences(up, profile), Differences(down, profile));
        return (towards, back) switch
        {
            ("", "") => "good",
            _ when towards == back => towards,
            _ => $"up {(towards.Length == 0 ? "good" : towards)}, down {(back.Length == 0 ? "good" : back)}",
        };
    }

    private static string Differences(LinkImpairments now, LinkImpairments profile)
    {
        var words = new List<string>();
        if (!now.IsUp)
        {
            return "no carrier";
        }

        if (now.Drop)
        {
            return "silent drop";
        }

        Add(now.Loss != profile.Loss, $"loss {now.Loss}");
        Add(now.Delay != profile.Delay, $"delay {DurationText.Format(now.Delay)}");
        Add(now.Jitter != profile.Jitter, $"jitter {DurationText.Format(now.Jitter)}");
        Add(now.Rate != profile.Rate, now.Rate is { } rate ? $"rate {rate}" : "rate unlimited");
        return string.Join(", ", words);

        void Add(bool differs, string word)
        {
            if (differs)
            {
                words.Add(word);
            }
        }
    }
}
