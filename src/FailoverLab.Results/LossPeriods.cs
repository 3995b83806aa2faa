namespace FailoverLab.Results;

/// <summary>Packets lost in a row (RFC 3357).</summary>
/// <param name="Count">Loss periods.</param>
/// <param name="MedianLength">Packets of the middle one.</param>
/// <param name="Longest">Packets of the longest.</param>
/// <param name="NoticeableRate">Share of lost packets that came less than 99 packets after the one lost before (section 4.5, delta = 99).</param>
public sealed record LossPeriods(long Count, long MedianLength, long Longest, double NoticeableRate);
