using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>How long a host is waited for: one that is known to be slow to log in to (<c>ConnectTimeout</c>) is slow to answer too.</summary>
public static class SshPatience
{
    /// <summary>The option of ssh that says so.</summary>
    public const string Option = "ConnectTimeout";

    private const int LongestSeconds = 600;

    /// <summary>The time for a host.</summary>
    /// <param name="connectTimeout">The option's value, seconds; <see langword="null"/> where it is not set.</param>
    /// <param name="least">For every host.</param>
    /// <returns>The longer of the two, at most ten minutes; <paramref name="least"/> when the value is no number.</returns>
    public static TimeSpan Of(string? connectTimeout, TimeSpan least) =>
        int.TryParse(connectTimeout, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > least.TotalSeconds ? TimeSpan.FromSeconds(Math.Min(seconds, LongestSeconds)) : least;
}
