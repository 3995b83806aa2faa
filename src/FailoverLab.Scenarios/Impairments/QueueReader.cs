using System.Globalization;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads <c>queue</c>: a limit, or a mapping; refuses limits that would lose packets nobody asked to lose.</summary>
internal sealed class QueueReader(DiagnosticBag bag)
{
    public const string LimitForm = "a time (100ms), bytes (150000B) or packets (100packets)";

    /// <summary>A full Ethernet frame without its checksum, as links carry it.</summary>
    private const int FrameBytes = 1_514;

    private static readonly Dictionary<string, QueueDrop> Disciplines = new(StringComparer.Ordinal)
    {
        ["tail"] = QueueDrop.Tail,
        ["codel"] = QueueDrop.Codel,
    };

    /// <summary>Reads a queue.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="links">The links it would serve: rate and delay of each decide how small it may be.</param>
    public QueuePlan? Read(ValueReader value, IReadOnlyList<LinkChange> links)
    {
        if (value.Node is not YamlMapping)
        {
            var alone = Limit(value);
            return alone is not null && links.All(l => IsLargeEnough(alone, l, value, isShallow: false)) ? alone : null;
        }
        if (value.Mapping("a queue") is not { } reader)
        {
            return null;
        }
        var limitKey = reader.Require("limit");
        var limit = Limit(limitKey);
        var drop = reader.Optional("drop").OneOf(Disciplines);
        var target = reader.Optional("target").Duration(TimeSpan.FromMicroseconds(100), TimeSpan.FromSeconds(1));
        var interval = reader.Optional("interval").Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        var isShallow = reader.Optional("shallow").Flag() ?? false;
        reader.Finish();
        if (drop is not QueueDrop.Codel && (target ?? interval) is not null)
        {
            bag.Error(ScenarioCodes.Model, reader.PositionOf(target is null ? "interval" : "target"), "'target' and 'interval' are CoDel's", "write drop: codel, or leave them out");
        }
        if (limit is null || !links.All(l => IsLargeEnough(limit, l, limitKey, isShallow)))
        {
            return null;
        }
        var plan = limit with { Drop = drop ?? QueueDrop.Tail };
        return plan with { Target = target ?? plan.Target, Interval = interval ?? plan.Interval };
    }

    private static QueuePlan? Limit(ValueReader value)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }
        if (text.EndsWith("packets", StringComparison.Ordinal))
        {
            return value.WholeNumber(1, 10_000_000, "packets") is { } packets ? new QueuePlan { Packets = (int)packets } : null;
        }
        if (text.EndsWith('B'))
        {
            return value.WholeNumber(FrameBytes, 1_000_000_000, "B") is { } bytes ? new QueuePlan { Bytes = bytes } : null;
        }
        if (!DurationText.TryParse(text, out _))
        {
            value.Error(YamlCodes.Unit, $"{value.What} '{text.ReplaceLineEndings(" ")}' is not {LimitForm}", long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"write {text}packets or {text}ms" : null);
            return null;
        }
        return value.Duration(TimeSpan.FromMicroseconds(1), ImpairmentReader.MaxDelay) is { } time ? new QueuePlan { Time = time } : null;
    }

    private static bool IsLargeEnough(QueuePlan queue, LinkChange link, ValueReader value, bool isShallow)
    {
        if (link.Rate is not { } rate || rate == LinkChange.Unlimited)
        {
            return true;
        }
        var bytesPerSecond = rate.BitsPerSecond / 8.0;
        var bytes = queue.Bytes ?? ((double?)queue.Packets * FrameBytes) ?? (queue.Time!.Value.TotalSeconds * bytesPerSecond);
        if (bytes < FrameBytes)
        {
            value.Error(ScenarioCodes.QueueTooSmall, $"{value.What} {value.Text()} is less than one packet of {FrameBytes} bytes at {rate}: it would lose packets in silence",
                $"write at least {Least(queue, FrameBytes, bytesPerSecond)}");
            return false;
        }
        var delay = (link.DelayModel?.Mean ?? link.Delay ?? TimeSpan.Zero) + ((link.Jitter ?? TimeSpan.Zero) / 2);
        var product = delay.TotalSeconds * bytesPerSecond;
        if (bytes < product && !isShallow)
        {
            value.Error(ScenarioCodes.QueueTooSmall, $"{value.What} {value.Text()} is below rate x delay ({rate} x {DurationText.Format(delay)}): a sender that fills the link would lose packets nobody asked to lose",
                $"write at least {Least(queue, product, bytesPerSecond)}; if a small buffer is meant: queue: {{ limit: {value.Text()}, shallow: true }}");
            return false;
        }
        return true;
    }

    private static string Least(QueuePlan queue, double bytes, double bytesPerSecond) => queue switch
    {
        { Packets: not null } => Math.Ceiling(bytes / FrameBytes).ToString("0", CultureInfo.InvariantCulture) + "packets",
        { Bytes: not null } => Math.Ceiling(bytes).ToString("0", CultureInfo.InvariantCulture) + "B",
        _ => DurationText.Format(TimeSpan.FromMicroseconds(Math.Ceiling(bytes / bytesPerSecond * 1e6))),
    };
}
