using FailoverLab.Emulator;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>Between what a plan says of a link and what the emulator runs. Pure, but for trace files that were not read ahead.</summary>
public static class LinkSettings
{
    /// <summary>A wait no queue of packets or bytes limits by time.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>Emulator settings of a whole profile.</summary>
    /// <param name="profile">The profile, every value set.</param>
    /// <param name="seed">The run's seed; chooses what slots do, the same on every link.</param>
    public static LinkImpairments Of(LinkChange profile, ulong seed) => Change(LinkImpairments.None, profile, seed);

    /// <summary>Settings after a change; what the change does not name stays.</summary>
    /// <param name="now">Settings before.</param>
    /// <param name="change">The change.</param>
    /// <param name="seed">The run's seed; chooses what slots do, the same on every link.</param>
    public static LinkImpairments Change(LinkImpairments now, LinkChange change, ulong seed)
    {
        var next = now with
        {
            Drop = change.Drop ?? now.Drop,
            Duplicate = change.Duplicate ?? now.Duplicate,
            Corrupt = change.Corrupt ?? now.Corrupt,
            Reorder = change.Reorder ?? now.Reorder,
            KeepsOrder = change.Overtake is { } overtake ? !overtake : now.KeepsOrder,
            Rate = change.Rate is { } rate ? (rate == LinkChange.Unlimited ? null : rate) : now.Rate,
            Mtu = change.Mtu is { } mtu ? (mtu == LinkChange.NoMtu ? null : mtu) : now.Mtu,
            Slots = change.Slots is { } slots ? Slots(slots, seed) : now.Slots,
        };
        next = Queue(Delay(Loss(next, change), change), change);
        return change.Trace is { } trace ? TraceSettings.Apply(next, trace) : next;
    }

    private static LinkImpairments Loss(LinkImpairments now, LinkChange change) => change switch
    {
        { LossModel: BurstLossPlan b } => now with { Loss = default, LossPattern = new BurstLoss(b.Share, b.Burst) },
        { LossModel: EveryNthLossPlan n } => now with { Loss = default, LossPattern = new EveryNthLoss(n.Every) },
        { LossModel: GilbertElliottPlan g } => now with { Loss = default, LossPattern = new GilbertElliottLoss(g.ToBad, g.ToGood, g.InBad, g.InGood) },
        { LossModel: StateLossPlan s } => now with { Loss = default, LossPattern = new StateTableLoss(s.P13, s.P31, s.P32, s.P23, s.P14) },
        { Loss: { } share } => now with { Loss = share, LossPattern = null },
        _ => now,
    };

    private static LinkImpairments Delay(LinkImpairments now, LinkChange change)
    {
        switch (change.DelayModel)
        {
            case UniformDelayPlan u:
                return now with { Delay = u.Min, Jitter = u.Max - u.Min, JitterModel = UniformJitter.Above };
            case NormalDelayPlan n:
                return now with { Delay = n.Center, Jitter = n.Deviation, JitterModel = new NormalJitter() };
            case ParetoDelayPlan p:
                return now with { Delay = p.Min, Jitter = p.Scale, JitterModel = new ParetoJitter(p.Shape) };
            case TableDelayPlan t:
                return now with { Delay = t.Fixed, Jitter = TimeSpan.FromMilliseconds(1), JitterModel = new TableJitter([.. t.Quantiles.Select(q => (q - t.Fixed).TotalMilliseconds)]) };
        }
        if (change.Delay is null && change.Jitter is null)
        {
            return now;
        }
        // A plain delay or jitter ends a distribution: of the two, what is not named is none, or what was the distribution's fixed part.
        var isPlain = now.JitterModel == UniformJitter.Above;
        return now with
        {
            Delay = change.Delay ?? now.Delay,
            Jitter = change.Jitter ?? (isPlain ? now.Jitter : TimeSpan.Zero),
            JitterModel = UniformJitter.Above,
        };
    }

    private static LinkImpairments Queue(LinkImpairments now, LinkChange change) => change.Queue is not { } queue ? now : now with
    {
        QueueLimit = queue.Time ?? LongestWait,
        QueueLimitPackets = queue.Packets,
        QueueLimitBytes = queue.Bytes,
        Queue = queue.Drop == QueueDrop.Codel ? QueueDiscipline.CoDel : QueueDiscipline.TailDrop,
        CoDelTarget = queue.Target,
        CoDelInterval = queue.Interval,
    };

    private static SlotSchedule? Slots(SlotPlan slots, ulong seed) => slots.IsNone ? null : new SlotSchedule
    {
        Seed = new SeededRandom(seed).Split("slots").NextUInt64(),
        Length = slots.Period,
        Phase = slots.Offset,
        LevelLow = slots.LevelMin,
        LevelHigh = slots.LevelMax,
        StartSpike = slots.Start?.Peak ?? TimeSpan.Zero,
        StartSpikeFor = slots.Start?.For ?? TimeSpan.Zero,
        EndSpike = slots.End?.Peak ?? TimeSpan.Zero,
        EndSpikeFor = slots.End?.For ?? TimeSpan.Zero,
        HandoverLossShare = slots.Handover?.Chance ?? default,
        HandoverLoss = slots.Handover?.Loss ?? default,
        HandoverLossFor = slots.Handover?.For ?? TimeSpan.Zero,
        ObstructionShare = slots.Obstruction?.Chance ?? default,
        ObstructionFor = slots.Obstruction?.For ?? TimeSpan.Zero,
    };

    /// <summary>What differs from the profile, in words; <c>good</c> when nothing does.</summary>
    internal static string Describe(LinkImpairments up, LinkImpairments down, LinkImpairments profileUp, LinkImpairments profileDown)
    {
        var (towards, back) = (LinkDifference.Words(up, profileUp), LinkDifference.Words(down, profileDown));
        return (towards, back) switch
        {
            ("", "") => "good",
            _ when towards == back => towards,
            _ => $"up {(towards.Length == 0 ? "good" : towards)}, down {(back.Length == 0 ? "good" : back)}",
        };
    }
}
