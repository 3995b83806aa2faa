namespace FailoverLab.Analysis;

/// <summary>Packets that came out of the old and the new link around one move of one flow, per <see cref="RateRing.BaseNs"/>.</summary>
/// <param name="FirstBin">Number of the first interval since the Unix epoch.</param>
/// <param name="Old">Counts on the old link.</param>
/// <param name="New">Counts on the new link.</param>
/// <param name="OldTiming">Timing on the old link over the second before the move.</param>
/// <param name="NewTiming">Timing on the new link since the move.</param>
internal sealed record RateWindow(long FirstBin, int[] Old, int[] New, LinkTiming OldTiming, LinkTiming NewTiming);
