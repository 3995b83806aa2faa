namespace FailoverLab.Hosts;

/// <summary>What came of a program at a gate. Instants are of the host's own clock, ns since the Unix epoch.</summary>
/// <param name="OpenedNs">The gate was closed until then at least; 0 when the program ended before.</param>
/// <param name="EndedNs">The program had ended by then.</param>
/// <param name="Result">What it printed, and its status.</param>
/// <param name="OffsetNs">Host clock less reference clock, ns.</param>
/// <param name="BoundNs">The truth lies within ± this of the offset, ns.</param>
public sealed record GatedEnd(long OpenedNs, long EndedNs, ShellResult Result, long OffsetNs, long BoundNs);
