namespace FailoverLab.Emulator;

/// <summary>
/// Asks the pattern that is set. Each keeps its state while its numbers are changed, and begins anew when another kind was set in between.
/// </summary>
internal sealed class PatternLoss(KeyRing keys)
{
    private readonly GilbertElliottChain _gilbert = new(keys.For("gilbert.change"), keys.For("gilbert.loss"));
    private readonly StateTableChain _states = new(keys.For("states"));
    private readonly BurstRun _bursts = new(keys.For("bursts"));
    private Type? _kind;

    internal void Set(LossModel? model)
    {
        if (model?.GetType() == _kind)
        {
            return;
        }

        _kind = model?.GetType();
        _gilbert.Reset();
        _states.Reset();
        _bursts.Reset();
    }

    internal bool Takes(long index, LossModel? model) => model switch
    {
        null => false,
        EveryNthLoss every => (index + 1) % every.N == 0,
        GilbertElliottLoss gilbert => _gilbert.Takes(index, gilbert),
        StateTableLoss states => _states.Takes(index, states),
        BurstLoss bursts => _bursts.Takes(index, bursts),
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, "A pattern of loss this emulator does not know."),
    };
}
