namespace FailoverLab.Analysis;

/// <summary>What a link let through last, and swallowed since.</summary>
/// <param name="LastThroughNs">Entry of the last packet that came out, ns since the Unix epoch.</param>
/// <param name="LastOutNs">When it came out.</param>
/// <param name="FirstLostNs">Entry of the first that did not; <see cref="RowWindow.Missing"/> where all did.</param>
/// <param name="Lost">Packets lost since the last that came out.</param>
internal readonly record struct LinkEdge(long LastThroughNs, long LastOutNs, long FirstLostNs, int Lost);
