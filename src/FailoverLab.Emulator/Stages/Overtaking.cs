using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>Chooses packets that skip the delay: by chance, but only when at least <c>gap - 1</c> packets in a row did not.</summary>
internal struct Overtaking(CounterRandom random)
{
    private int _since;

    internal bool Takes(long index, Ratio share, int gap)
    {
        if (share.Value == 0 || ++_since < gap || random.Share(index) >= share.Value)
        {
            return false;
        }

        _since = 0;
        return true;
    }
}
