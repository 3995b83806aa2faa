namespace FailoverLab.Emulator;

/// <summary>Loses packets by a <see cref="SlotSchedule"/>. When is shared by the links under one sky; which, each link draws for itself.</summary>
internal readonly struct SlotLoss(CounterRandom random)
{
    internal bool Takes(long index, SlotSchedule? schedule, long wallNs) =>
        schedule is not null && random.Share(index) < SlotSky.LossAt(schedule, wallNs);
}
