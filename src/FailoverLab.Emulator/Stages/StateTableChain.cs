namespace FailoverLab.Emulator;

/// <summary>The chain of a <see cref="StateTableLoss"/>: the state changes first, then decides, as in netem.</summary>
internal sealed class StateTableChain(CounterRandom change)
{
    private const int GoodInGap = 1;
    private const int GoodInBurst = 2;
    private const int LostInBurst = 3;
    private const int LostAlone = 4;
    private int _state = GoodInGap;

    internal void Reset() => _state = GoodInGap;

    internal bool Takes(long index, StateTableLoss model)
    {
        var number = change.Share(index);
        _state = _state switch
        {
            GoodInGap when number < model.P14.Value => LostAlone,
            GoodInGap when number < model.P14.Value + model.P13.Value => LostInBurst,
            GoodInBurst when number < model.P23.Value => LostInBurst,
            LostInBurst when number < model.P32.Value => GoodInBurst,
            LostInBurst when number < model.P32.Value + model.P31.Value => GoodInGap,
            LostAlone => GoodInGap,
            _ => _state,
        };
        return _state is LostInBurst or LostAlone;
    }
}
