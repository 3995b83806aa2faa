using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>Gives every impairment numbers of its own, so that none shifts another's.</summary>
/// <param name="random">Generator of one link and direction.</param>
internal sealed class KeyRing(SeededRandom random)
{
    internal CounterRandom For(string impairment) => new(random.Split(impairment).NextUInt64());
}
