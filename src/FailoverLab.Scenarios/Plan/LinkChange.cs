using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>New values of a link's impairments; <see langword="null"/> leaves a value as it is.</summary>
public sealed record LinkChange
{
    /// <summary>A link that does nothing to packets; every value set, except the models that take the place of another value.</summary>
    public static LinkChange Good { get; } = new()
    {
        Carrier = true,
        Drop = false,
        Loss = new Ratio(0),
        Delay = TimeSpan.Zero,
        Jitter = TimeSpan.Zero,
        Overtake = false,
        Duplicate = new Ratio(0),
        Corrupt = new Ratio(0),
        Reorder = new Ratio(0),
        Rate = Unlimited,
        Queue = QueuePlan.Default,
        Mtu = NoMtu,
        Trace = TracePlan.None,
        Slots = SlotPlan.None,
    };

    /// <summary>Carrier on both ends; <see langword="false"/> takes the link down so that both ends see it. Always both directions.</summary>
    public bool? Carrier { get; init; }

    /// <summary>Silent drop of everything; carrier stays up.</summary>
    public bool? Drop { get; init; }

    /// <summary>Share of packets lost at random, each by itself. Takes the place of a <see cref="LossModel"/> set earlier.</summary>
    public Ratio? Loss { get; init; }

    /// <summary>Loss by another model; takes the place of <see cref="Loss"/>, also when both are given.</summary>
    public LossPlan? LossModel { get; init; }

    /// <summary>Fixed delay; not negative, at most 60 s. Takes the place of a <see cref="DelayModel"/> set earlier.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>A delay drawn for every packet; takes the place of <see cref="Delay"/> and <see cref="Jitter"/>, also when they are given too.</summary>
    public DelayPlan? DelayModel { get; init; }

    /// <summary>
    /// Uniform addition to the delay, 0..this. Not negative, at most 60 s. After a <see cref="DelayModel"/> it is added to that model's
    /// <see cref="DelayPlan.Fixed"/> part.
    /// </summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>Whether a packet with a shorter delay may overtake one with a longer; otherwise order is kept.</summary>
    public bool? Overtake { get; init; }

    /// <summary>Share of packets that come twice.</summary>
    public Ratio? Duplicate { get; init; }

    /// <summary>Share of packets with one bit flipped.</summary>
    public Ratio? Corrupt { get; init; }

    /// <summary>Share of packets that skip the delay, and so overtake those inside.</summary>
    public Ratio? Reorder { get; init; }

    /// <summary>Rate limit; <see cref="LinkChange.Unlimited"/> removes it.</summary>
    public DataRate? Rate { get; init; }

    /// <summary>The queue before the rate limit.</summary>
    public QueuePlan? Queue { get; init; }

    /// <summary>Largest IP packet in bytes that passes, 68 to 65,535; larger ones are dropped. <see cref="NoMtu"/> removes it.</summary>
    public int? Mtu { get; init; }

    /// <summary>A trace file that drives the link; <see cref="TracePlan.None"/> removes it.</summary>
    public TracePlan? Trace { get; init; }

    /// <summary>Slots of wall time; <see cref="SlotPlan.None"/> removes them.</summary>
    public SlotPlan? Slots { get; init; }

    /// <summary>The rate that stands for no limit.</summary>
    public static DataRate Unlimited => new(long.MaxValue);

    /// <summary>The MTU that stands for no limit.</summary>
    public static int NoMtu => int.MaxValue;

    /// <summary>
    /// These values with another change on top; what that does not name stays. A queue that nobody asked for follows the delay: one below rate x delay would
    /// lose packets nobody asked to lose.
    /// </summary>
    public LinkChange With(LinkChange change) => new LinkChange
    {
        Carrier = change.Carrier ?? Carrier,
        Drop = change.Drop ?? Drop,
        Loss = change.Loss ?? Loss,
        LossModel = change.LossModel ?? (change.Loss is null ? LossModel : null),
        Delay = change.Delay ?? (change.Jitter is not null && DelayModel is not null ? DelayModel.Fixed : Delay),
        DelayModel = change.DelayModel ?? (change.Delay is null && change.Jitter is null ? DelayModel : null),
        Jitter = change.Jitter ?? (change.Delay is not null && DelayModel is not null ? TimeSpan.Zero : Jitter),
        Overtake = change.Overtake ?? Overtake,
        Duplicate = change.Duplicate ?? Duplicate,
        Corrupt = change.Corrupt ?? Corrupt,
        Reorder = change.Reorder ?? Reorder,
        Rate = change.Rate ?? Rate,
        Queue = change.Queue ?? Queue,
        Mtu = change.Mtu ?? Mtu,
        Trace = change.Trace ?? Trace,
        Slots = change.Slots ?? Slots,
    }.Grown();

    private LinkChange Grown()
    {
        if (Queue is not { IsDefault: true })
        {
            return this;
        }

        var delay = (DelayModel?.Mean ?? Delay ?? TimeSpan.Zero) + (Jitter ?? TimeSpan.Zero);
        return this with { Queue = delay > QueuePlan.Default.Time ? QueuePlan.Default with { Time = delay } : QueuePlan.Default };
    }
}
