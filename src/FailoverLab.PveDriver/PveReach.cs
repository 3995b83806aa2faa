using System.Globalization;
using System.Reflection;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.PveDriver;

/// <summary>What of a change the network card of a virtual machine can do: its plug and a rate, and nothing else.</summary>
public static class PveReach
{
    private static readonly string[] Able = [nameof(LinkChange.Carrier), nameof(LinkChange.Rate)];

    /// <summary>What of a change to one direction, or to both, cannot be done.</summary>
    /// <returns>One sentence each, with the driver that can, or what else can.</returns>
    public static IReadOnlyList<string> CannotDo(LinkDirection direction, LinkChange change) =>
    [
        .. CannotDo(change),
        .. direction != LinkDirection.Both && change.Rate is not null ? ["a card of Proxmox VE limits both directions; leave the direction out, or take driver 'netem', 'nft' or 'wanulator'"] : Array.Empty<string>(),
    ];

    /// <summary>One sentence for each value that cannot be done. A value that asks for nothing (no loss, no delay) is done by doing nothing.</summary>
    public static IReadOnlyList<string> CannotDo(LinkChange change) =>
    [
        // By its properties, so that a value added to changes is refused here and not passed over.
        .. typeof(LinkChange).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => !Able.Contains(p.Name, StringComparer.Ordinal))
            .Where(p => p.GetValue(change) is { } value && !AsksNothing(value))
            .Select(p => $"a card of Proxmox VE has no {p.Name.ToLowerInvariant()}, only a plug and a rate; {Others(p.Name)}"),
        .. change.Rate is { } rate && rate != LinkChange.Unlimited && rate.BitsPerSecond < LeastRate ? [string.Create(CultureInfo.InvariantCulture, $"a card of Proxmox VE has no rate below {LeastRate} bit/s")] : Array.Empty<string>(),
    ];

    /// <summary>0.000001 MiB/s is 8 bit/s, but its bucket holds 1 MiB: below this the bucket alone would last for minutes.</summary>
    private const long LeastRate = 64_000;

    /// <summary>The drivers that can do what a card cannot.</summary>
    private static string Others(string value) => value switch
    {
        nameof(LinkChange.Drop) or nameof(LinkChange.Loss) => "drivers 'netem', 'nft' and 'wanulator' can",
        nameof(LinkChange.Delay) or nameof(LinkChange.Jitter) => "drivers 'netem' and 'wanulator' can",
        nameof(LinkChange.Mtu) or nameof(LinkChange.Queue) => "driver 'nft' can",
        nameof(LinkChange.Trace) or nameof(LinkChange.Slots) => "only the emulator can",
        _ => "driver 'netem' can",
    };

    private static bool AsksNothing(object value) => value switch
    {
        bool flag => !flag,
        TimeSpan span => span == TimeSpan.Zero,
        Ratio ratio => ratio.Value == 0,
        QueuePlan queue => queue.IsDefault,
        TracePlan trace => trace.IsNone,
        SlotPlan slots => slots.IsNone,
        int number => number == LinkChange.NoMtu,
        _ => false,
    };
}
