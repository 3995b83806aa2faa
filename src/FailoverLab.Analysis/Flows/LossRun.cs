namespace FailoverLab.Analysis;

/// <summary>Packets lost in a row.</summary>
/// <param name="FirstRow">The first.</param>
/// <param name="Count">How many.</param>
/// <param name="LostBefore">Packets lost before it.</param>
/// <param name="FirstSendNs">When the first was sent, ns since the Unix epoch.</param>
/// <param name="LastSendNs">When the last was sent.</param>
internal readonly record struct LossRun(long FirstRow, int Count, int LostBefore, long FirstSendNs, long LastSendNs);
