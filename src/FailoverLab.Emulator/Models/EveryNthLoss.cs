namespace FailoverLab.Emulator;

/// <summary>Loses every n-th packet of the link, counted from its start: of 5, the 5th, 10th, 15th.</summary>
/// <param name="N">At least 1, which loses all.</param>
public sealed record EveryNthLoss(int N) : LossModel;
