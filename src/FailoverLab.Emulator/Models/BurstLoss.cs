using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>Loses runs of packets: each packet outside a run begins one by chance, and a run has a fixed length.</summary>
/// <param name="Start">Probability that a packet outside a run begins one.</param>
/// <param name="Length">Packets in a run; at least 1.</param>
public sealed record BurstLoss(Ratio Start, int Length) : LossModel;
