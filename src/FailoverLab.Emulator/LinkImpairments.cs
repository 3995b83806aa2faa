using FailoverLab.Primitives;

namespace FailoverLab.Emulator;

/// <summary>
/// What one direction of a link does to packets; docs/IMPAIRMENTS.md has the formula of each. The default does nothing: an unlimited wire
/// without delay. Every value may change while the link runs, by <c>with</c>, and no other is touched by it.
/// </summary>
public sealed record LinkImpairments
{
    /// <summary>A link that does nothing to packets.</summary>
    public static LinkImpairments None { get; } = new();

    /// <summary>Whether the link is there at all; down is a silent black hole. Taking it down loses what is inside it too.</summary>
    public bool IsUp { get; init; } = true;

    /// <summary>Whether both ends see a carrier. Without it the link is down as by <see cref="IsUp"/>, and a link between interfaces takes them down.</summary>
    public bool HasCarrier { get; init; } = true;

    /// <summary>Whether every packet that enters vanishes. What is inside already still comes out.</summary>
    public bool Drop { get; init; }

    /// <summary>Longest packet behind the Ethernet header, bytes, from 1; longer ones vanish. <see langword="null"/> is no limit.</summary>
    public int? Mtu { get; init; }

    /// <summary>Share of packets lost at random, each independently of the others.</summary>
    public Ratio Loss { get; init; }

    /// <summary>Loss that follows a pattern, beside <see cref="Loss"/>; <see langword="null"/> is none.</summary>
    public LossModel? LossPattern { get; init; }

    /// <summary>Share of packets that come out twice; the second copy is due with the first.</summary>
    public Ratio Duplicate { get; init; }

    /// <summary>Share of packets with one bit flipped, behind the Ethernet header.</summary>
    public Ratio Corrupt { get; init; }

    /// <summary>Time every packet takes, counted from its arrival; not negative.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Scale of the random part of the delay; not negative. Zero is none.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How the random part is distributed.</summary>
    public JitterModel JitterModel { get; init; } = UniformJitter.Above;

    /// <summary>Whether no packet overtakes another, whatever the delays are. Packets of <see cref="Reorder"/> overtake all the same.</summary>
    public bool KeepsOrder { get; init; } = true;

    /// <summary>Share of packets that skip the delay and so overtake those inside.</summary>
    public Ratio Reorder { get; init; }

    /// <summary>Packets that must go before one may be reordered again, and itself: 1 lets any, 5 every fifth at most. At least 1.</summary>
    public int ReorderGap { get; init; } = 1;

    /// <summary>Bits of frame a second that leave the bottleneck before the delay; <see langword="null"/> is unlimited.</summary>
    public DataRate? Rate { get; init; }

    /// <summary>Bytes that every frame counts more at the bottleneck than it has (preamble, check sequence, cells); may be negative, a frame counts 1 at least.</summary>
    public int RateOverheadBytes { get; init; }

    /// <summary>Longest time of sending that may wait at the bottleneck; a packet that would wait longer is dropped on arrival.</summary>
    public TimeSpan QueueLimit { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Most packets that may wait at the bottleneck, the one being sent not counted; <see langword="null"/> is no limit.</summary>
    public int? QueueLimitPackets { get; init; }

    /// <summary>Most bytes of frame that may wait at the bottleneck, the one being sent not counted; <see langword="null"/> is no limit.</summary>
    public long? QueueLimitBytes { get; init; }

    /// <summary>Who is dropped at the bottleneck.</summary>
    public QueueDiscipline Queue { get; init; }

    /// <summary>CoDel: waiting time that is accepted (RFC 8289, TARGET); greater than zero.</summary>
    public TimeSpan CoDelTarget { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>CoDel: how long the wait may lie above the target before packets are dropped (RFC 8289, INTERVAL); greater than zero.</summary>
    public TimeSpan CoDelInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Delivery opportunities in place of <see cref="Rate"/>; <see langword="null"/> is none.</summary>
    public DeliveryTrace? Deliveries { get; init; }

    /// <summary>A table of values over time, in place of those it names; <see langword="null"/> is none.</summary>
    public ConditionTrace? Conditions { get; init; }

    /// <summary>Delay and loss that follow the wall clock in slots, added to the rest; <see langword="null"/> is none.</summary>
    public SlotSchedule? Slots { get; init; }

    /// <summary>
    /// How long a packet may stay inside, but for one in ten thousand of a distribution without end, and for a link that only a trace of
    /// deliveries drives.
    /// </summary>
    public TimeSpan LongestStay
    {
        get
        {
            var delay = Max(Delay, Conditions?.Rows.Select(r => r.Delay));
            var jitter = Max(Jitter, Conditions?.Rows.Select(r => r.Jitter)) * (Conditions?.Rows.Select(r => r.JitterModel?.Reach ?? 0) ?? []).Append(JitterModel.Reach).Max();
            var slots = Slots is { } s ? s.LevelHigh + s.StartSpike + s.EndSpike : TimeSpan.Zero;
            var isLimited = Rate is not null || Deliveries is not null || Conditions?.Rows.Any(r => r.Rate is not null) == true;
            return delay + jitter + slots + (isLimited ? QueueLimit : TimeSpan.Zero);
        }
    }

    private static TimeSpan Max(TimeSpan own, IEnumerable<TimeSpan?>? rows) => (rows ?? []).Select(r => r ?? own).Append(own).Max();
}
