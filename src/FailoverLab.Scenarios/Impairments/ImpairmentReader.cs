using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads the impairments that profiles and degrade steps share.</summary>
internal sealed class ImpairmentReader(DiagnosticBag bag)
{
    public const string UnlimitedWord = "unlimited";
    public const string NoneWord = "none";
    private readonly DelayReader _delays = new(bag);
    private readonly LossReader _losses = new(bag);
    private readonly QueueReader _queues = new(bag);
    private readonly SlotReader _slots = new(bag);
    private readonly TraceKeyReader _traces = new(bag);

    public static TimeSpan MaxDelay { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads every impairment of a mapping; the mapping is not finished.</summary>
    /// <param name="reader">The mapping.</param>
    /// <param name="bases">What holds where the mapping says nothing, of each direction of each link it is for; queue limits are checked against all.</param>
    public LinkChange Read(MappingReader reader, params IReadOnlyCollection<LinkChange> bases)
    {
        var drop = reader.Optional("drop").Flag();
        var (loss, lossModel) = _losses.Read(reader.Optional("loss"));
        var (delay, delayModel) = _delays.Read(reader.Optional("delay"));
        var jitter = reader.Optional("jitter");
        if (delayModel is not null && jitter.IsPresent)
        {
            bag.Error(ScenarioCodes.Model, jitter.Position, "'jitter' says nothing beside a delay that is drawn for every packet", "leave it out, or write a fixed delay");
        }
        var change = new LinkChange
        {
            Drop = drop,
            Loss = loss,
            LossModel = lossModel,
            Delay = delay,
            DelayModel = delayModel,
            Jitter = jitter.Duration(TimeSpan.Zero, MaxDelay),
            Overtake = reader.Optional("overtake").Flag(),
            Duplicate = reader.Optional("duplicate").Ratio(),
            Corrupt = reader.Optional("corrupt").Ratio(),
            Reorder = reader.Optional("reorder").Ratio(),
            Rate = Rate(reader.Optional("rate")),
        };
        var queue = reader.Optional("queue");
        return change with
        {
            Queue = _queues.Read(queue, [.. bases.Select(b => b.With(change))]),
            Mtu = Mtu(reader.Optional("mtu")),
            Trace = _traces.Read(reader.Optional("trace")),
            Slots = _slots.Read(reader.Optional("slots")),
        };
    }

    private static DataRate? Rate(ValueReader value)
    {
        if (value.Node is not YamlScalar { IsNull: false } scalar)
        {
            return value.Rate();
        }
        if (scalar.Text == UnlimitedWord)
        {
            return LinkChange.Unlimited;
        }
        // A link of rate 0 passes nothing: whoever writes it means a drop, or no limit, and only they know which.
        if (scalar.Text is ['0', ..] && scalar.Text.TrimStart('0', '.') is "" or "bit/s" or "kbit/s" or "Mbit/s" or "Gbit/s")
        {
            value.Error(YamlCodes.OutOfRange, $"{value.What} '{scalar.Text}' would pass nothing: a rate is 1bit/s to 1000Gbit/s", "write drop: true to stop every packet, rate: unlimited to take the limit away");
            return null;
        }
        return value.Rate();
    }

    private static int? Mtu(ValueReader value) =>
        value.Node is YamlScalar { Text: UnlimitedWord } ? LinkChange.NoMtu : (int?)value.WholeNumber(68, 65_535, "B");
}
