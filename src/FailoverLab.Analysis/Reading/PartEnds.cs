namespace FailoverLab.Analysis;

/// <summary>What a reader of parts says of one.</summary>
/// <param name="IsWhole">Whether it read to the end of the part, with nothing odd on the way.</param>
/// <param name="Start">Where it believed the first packet to begin, bytes from the file's start.</param>
/// <param name="End">Where the packet after its last begins.</param>
/// <param name="Epoch">What it knew of the file.</param>
internal readonly record struct PartEnds(bool IsWhole, long Start, long End, int Epoch);
