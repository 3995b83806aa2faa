using System.Globalization;
using System.Reflection;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.PveDriver;

/// <summary>What of a change the network card of a virtual machine can do: its plug and a rate, and nothing else.</summary>
internal static class PveReach
{
    private static readonly string[] Able = [nameof(LinkChange.Carrier), nameof(LinkChange.Rate)];

    /// <summary>One sentence for each value that cannot be done. A value that asks for nothing (no loss, no delay) is done by doing nothing.</summary>
    public static IReadOnlyList<string> CannotDo(LinkChange change) =>
    [
        // By its properties, so that a value added to changes is refused here and not passed over.
        .. typeof(LinkChange).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => !Able.Contains(p.Name, StringComparer.Ordinal))
            .Where(p => p.GetValue(change) is { } value && !AsksNothing(value))
            .Select(p => $"a card of Proxmox VE has no {p.Name.ToLowerInvariant()}, only a plug and a rate; drivers 'emulator', 'netem' and 'wanulator' can"),
        .. change.Rate is { } rate && rate != LinkChange.Unlimited && rate.BitsPerSecond < LeastRate ? [string.Create(CultureInfo.InvariantCulture, $"a card of Proxmox VE has no rate below {LeastRate} bit/s")] : Array.Empty<string>(),
    ];

    /// <summary>0.000001 MiB/s is 8 bit/s, but its bucket holds 1 MiB: below this the bucket alone would last for minutes.</summary>
    private const long LeastRate = 64_000;

    private static bool AsksNothing(object value) => value switch
    {
        bool flag => !flag,
        TimeSpan span => span == TimeSpan.Zero,
        Ratio ratio => ratio.Value == 0,
        int number => number == int.MaxValue,
        _ => value.GetType().GetProperty("IsNone")?.GetValue(value) is true || value.Equals(value.GetType().GetProperty("Default", BindingFlags.Public | BindingFlags.Static)?.GetValue(null)),
    };
}
