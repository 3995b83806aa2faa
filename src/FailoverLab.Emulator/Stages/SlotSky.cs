namespace FailoverLab.Emulator;

/// <summary>What a <see cref="SlotSchedule"/> says of an instant. Pure: equal schedules say the same of it, on every link and machine.</summary>
public static class SlotSky
{
    private const ulong LevelKey = 0x6C65_7665_6C00_0001;
    private const ulong HandoverKey = 0x6861_6E64_6F76_0002;
    private const ulong ObstructedKey = 0x6F62_7374_7275_0003;
    private const ulong PlaceKey = 0x706C_6163_6500_0004;

    /// <summary>Which slot an instant lies in; the slot's number since 1970, negative before.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="wallNs">CLOCK_REALTIME ns.</param>
    public static long SlotOf(SlotSchedule schedule, long wallNs)
    {
        var sincePhase = wallNs - Ns(schedule.Phase);
        var slot = sincePhase / Ns(schedule.Length);
        return sincePhase < 0 && slot * Ns(schedule.Length) != sincePhase ? slot - 1 : slot;
    }

    /// <summary>When a slot begins, CLOCK_REALTIME ns.</summary>
    public static long StartNs(SlotSchedule schedule, long slot) => Ns(schedule.Phase) + (slot * Ns(schedule.Length));

    /// <summary>What is added to the delay at an instant, ns; not negative.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="wallNs">CLOCK_REALTIME ns.</param>
    public static long AdditionNs(SlotSchedule schedule, long wallNs)
    {
        var slot = SlotOf(schedule, wallNs);
        var intoNs = wallNs - StartNs(schedule, slot);
        var toEndNs = Ns(schedule.Length) - intoNs;
        var low = Ns(schedule.LevelLow);
        var level = low + (long)((Ns(schedule.LevelHigh) - low) * Number(schedule, LevelKey, slot));
        return level
            + Slope(Ns(schedule.StartSpike), Ns(schedule.StartSpikeFor) - intoNs, Ns(schedule.StartSpikeFor))
            + Slope(Ns(schedule.EndSpike), Ns(schedule.EndSpikeFor) - toEndNs, Ns(schedule.EndSpikeFor));
    }

    /// <summary>Share of packets lost at an instant, 0..1.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="wallNs">CLOCK_REALTIME ns.</param>
    public static double LossAt(SlotSchedule schedule, long wallNs)
    {
        var slot = SlotOf(schedule, wallNs);
        var intoNs = wallNs - StartNs(schedule, slot);
        if (IsObstructed(schedule, slot, intoNs))
        {
            return 1;
        }

        var near = Ns(schedule.HandoverLossFor);
        var boundary = intoNs < near ? slot : intoNs >= Ns(schedule.Length) - near ? slot + 1 : (long?)null;
        return boundary is { } at && Number(schedule, HandoverKey, at) < schedule.HandoverLossShare.Value ? schedule.HandoverLoss.Value : 0;
    }

    private static bool IsObstructed(SlotSchedule schedule, long slot, long intoNs)
    {
        var lengthNs = Ns(schedule.ObstructionFor);
        if (lengthNs == 0 || Number(schedule, ObstructedKey, slot) >= schedule.ObstructionShare.Value)
        {
            return false;
        }

        var fromNs = (long)(Math.Max(0, Ns(schedule.Length) - lengthNs) * Number(schedule, PlaceKey, slot));
        return intoNs >= fromNs && intoNs < fromNs + lengthNs;
    }

    /// <summary>Peak times the part of the time that is left.</summary>
    private static long Slope(long peakNs, long leftNs, long overNs) => leftNs <= 0 || peakNs == 0 ? 0 : (long)((double)peakNs * leftNs / overNs);

    private static double Number(SlotSchedule schedule, ulong key, long slot) => new CounterRandom(new CounterRandom(schedule.Seed).Bits((long)key)).Share(slot);

    private static long Ns(TimeSpan value) => value.Ticks * TimeSpan.NanosecondsPerTick;
}
