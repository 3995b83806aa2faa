namespace FailoverLab.Emulator;

/// <summary>The chain of a <see cref="GilbertElliottLoss"/>: a packet meets the state the one before left behind, then the state may change.</summary>
internal sealed class GilbertElliottChain(CounterRandom change, CounterRandom loss)
{
    private bool _isBad;

    internal void Reset() => _isBad = false;

    internal bool Takes(long index, GilbertElliottLoss model)
    {
        var isLost = loss.Share(index) < (_isBad ? model.LossInBad : model.LossInGood).Value;
        _isBad ^= change.Share(index) < (_isBad ? model.R : model.P).Value;
        return isLost;
    }
}
