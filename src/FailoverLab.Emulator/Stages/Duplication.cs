using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>Lets a share of packets come out twice. A copy is made behind the bottleneck and takes none of its rate.</summary>
internal readonly struct Duplication(CounterRandom random)
{
    internal bool Takes(long index, Ratio share) => random.Share(index) < share.Value;
}
