using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>Loses each packet with a probability, independently of the others: it is lost when its number lies below the share.</summary>
internal readonly struct RandomLoss(CounterRandom random)
{
    internal bool Takes(long index, Ratio share) => random.Share(index) < share.Value;
}
