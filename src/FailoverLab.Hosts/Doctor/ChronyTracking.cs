using System.Globalization;

namespace FailoverLab.Hosts;

/// <summary>What chrony says of a host's clock.</summary>
/// <param name="Source">Address or name of what it follows; empty when nothing.</param>
/// <param name="Stratum">Distance from a reference clock; 0 when it follows nothing.</param>
/// <param name="OffsetSeconds">Its own estimate of the clock's error, s; positive when the clock is slow.</param>
/// <param name="FrequencyPpm">How fast the clock would run by itself, parts per million.</param>
/// <param name="IsSynchronised">Whether it follows a source.</param>
public sealed record ChronyTracking(string Source, int Stratum, double OffsetSeconds, double FrequencyPpm, bool IsSynchronised)
{
    /// <summary>The same in one line for people.</summary>
    public override string ToString() => IsSynchronised
        ? string.Create(CultureInfo.InvariantCulture, $"chrony follows {Source}, stratum {Stratum}, {OffsetSeconds * 1e6:+0.0;-0.0;0} us by its own estimate, {FrequencyPpm:+0.00;-0.00;0} ppm")
        : "chrony runs, but follows nothing";
}
