using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>A profile as a file writes it: only what differs from a perfect link.</summary>
internal static class ProfileEntries
{
    public static IEnumerable<(string Key, string Value)> Of(LinkChange profile)
    {
        if (profile.Loss is { Value: > 0 } loss)
        {
            yield return ("loss", loss.ToString());
        }

        if (profile.Delay is { } delay && delay > TimeSpan.Zero)
        {
            yield return ("delay", DurationText.Format(delay));
        }

        if (profile.Jitter is { } jitter && jitter > TimeSpan.Zero)
        {
            yield return ("jitter", DurationText.Format(jitter));
        }

        if (profile.Rate is { } rate && rate != LinkChange.Unlimited)
        {
            yield return ("rate", rate.ToString());
        }
    }
}
