namespace FailoverLab.Emulator;

/// <summary>A pattern of loss; one of <see cref="EveryNthLoss"/>, <see cref="GilbertElliottLoss"/>, <see cref="StateTableLoss"/>, <see cref="BurstLoss"/>.</summary>
public abstract record LossModel
{
    private protected LossModel()
    {
    }
}
