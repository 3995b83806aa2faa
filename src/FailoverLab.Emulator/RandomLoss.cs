using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// Loses each packet with a given probability. One number is drawn per packet whatever the probability is, so that the fate of the
/// n-th packet depends on the seed, n and the share in force alone, not on what was set before.
/// </summary>
internal sealed class RandomLoss(SeededRandom random)
{
    internal bool Takes(Ratio share) => random.NextDouble() < share.Value;
}
