namespace FailoverLab.Analysis;

/// <summary>Packets that came out of the old and the new link around one move of one flow, per <see cref="RateRing.BaseNs"/>.</summary>
/// <param name="FirstBin">Number of the first interval since the Unix epoch.</param>
/// <param name="Old">Counts on the old link.</param>
/// <param name="New">Counts on the new link.</param>
/// <param name="OldDelays">Shortest and longest delay on the old link lately, ns.</param>
/// <param name="NewDelays">Shortest and longest delay on the new link lately, ns.</param>
internal sealed record RateWindow(long FirstBin, int[] Old, int[] New, (long Least, long Most) OldDelays, (long Least, long Most) NewDelays);
