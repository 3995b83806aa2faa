namespace FailoverLab.Analysis;

/// <summary>Where bins lie while the end of the observation is not known: equal from a start on, doubling in width as they grow many.</summary>
/// <param name="StartNs">Start of bin 0, ns since the Unix epoch.</param>
/// <param name="WidthNs">First width, ns.</param>
internal readonly record struct BinGrid(long StartNs, long WidthNs)
{
    /// <summary>Most bins before the width is doubled.</summary>
    public const int MaxCount = 2400;
}
