namespace FailoverLab.Emulator;

/// <summary>The runs of a <see cref="BurstLoss"/>.</summary>
internal sealed class BurstRun(CounterRandom start)
{
    private int _lost;

    internal void Reset() => _lost = 0;

    internal bool Takes(long index, BurstLoss model)
    {
        // Counts what was lost, not what is left, so that a new length holds for the run that is on.
        if (_lost == 0 ? start.Share(index) >= model.Start.Value : _lost >= model.Length)
        {
            var isAfterRun = _lost > 0;
            _lost = 0;
            return isAfterRun && Takes(index, model);
        }

        _lost++;
        return true;
    }
}
