using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// Four states as in netem's <c>loss state</c>: 1 good reception within gaps, 2 good reception within bursts, 3 loss within bursts,
/// 4 isolated loss within gaps. Begins in state 1; from 4 it always returns to 1.
/// </summary>
/// <remarks>Source: tc-netem(8); Salsano, Ludovici and Ordine, "Definition of a general and intuitive loss model for packet networks", 2012.</remarks>
/// <param name="P13">From 1 to 3.</param>
/// <param name="P31">From 3 to 1.</param>
/// <param name="P32">From 3 to 2; with <paramref name="P31"/> at most 1.</param>
/// <param name="P23">From 2 to 3.</param>
/// <param name="P14">From 1 to 4; with <paramref name="P13"/> at most 1.</param>
public sealed record StateTableLoss(Ratio P13, Ratio P31, Ratio P32, Ratio P23, Ratio P14) : LossModel;
