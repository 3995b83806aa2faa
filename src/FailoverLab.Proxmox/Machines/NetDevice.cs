using System.Globalization;

namespace FailoverLab.Proxmox;

/// <summary>
/// A machine's network card as its configuration writes it: <c>virtio=BC:24:11:00:00:01,bridge=vmbr1,tag=7</c>. Kept byte for byte; a change touches
/// its own key only, so that PVE has nothing to unplug.
/// </summary>
public sealed record NetDevice
{
    private const string LinkDownKey = "link_down";
    private const string RateKey = "rate";

    /// <summary>PVE counts a rate in units of 2^20 bytes a second.</summary>
    private const long BytesPerUnit = 1 << 20;

    private readonly IReadOnlyList<string> _parts;

    private NetDevice(IReadOnlyList<string> parts) => _parts = parts;

    /// <summary>As the configuration writes it.</summary>
    public string Text => string.Join(',', _parts);

    /// <summary>Whether its plug is pulled.</summary>
    public bool IsLinkDown => Value(LinkDownKey) is { } value && value is not ("0" or "off" or "no" or "false");

    /// <summary>Rate limit in MiB/s, both directions; <see langword="null"/> without one.</summary>
    public decimal? Rate => Value(RateKey) is { } value && decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate > 0 ? rate : null;

    /// <summary>Rate limit in bit/s; <see langword="null"/> without one.</summary>
    public long? RateBitsPerSecond => Rate is { } rate && rate < long.MaxValue / (BytesPerUnit * 8) ? (long)(rate * BytesPerUnit * 8) : null;

    /// <summary>Bridge of the host it is plugged into; <see langword="null"/> for the host's own translation.</summary>
    public string? Bridge => Value("bridge");

    /// <summary>VLAN; <see langword="null"/> without one.</summary>
    public int? Tag => int.TryParse(Value("tag"), NumberStyles.None, CultureInfo.InvariantCulture, out var tag) ? tag : null;

    /// <summary>Model: <c>virtio</c>, <c>e1000</c>.</summary>
    public string Model => Value("model") ?? _parts[0].Split('=')[0];

    /// <summary>Hardware address; <see langword="null"/> where it is not written.</summary>
    public string? MacAddress => Value("macaddr") ?? (Value("model") is null && _parts[0].Contains('=', StringComparison.Ordinal) ? _parts[0].Split('=', 2)[1] : null);

    /// <summary>Reads a card.</summary>
    /// <param name="text">As the configuration writes it.</param>
    /// <returns>The card, or <see langword="null"/> where a key stands twice or the text cannot be one.</returns>
    public static NetDevice? Parse(string text)
    {
        var parts = text.Split(',');
        var keys = parts.Select(p => p.Split('=')[0].Trim()).ToList();
        return text.Length > 0 && !text.Any(char.IsControl) && keys[0].Length > 0 && keys.Distinct(StringComparer.Ordinal).Count() == keys.Count ? new NetDevice(parts) : null;
    }

    /// <summary>The rate as PVE counts it, for a rate in bit/s; six decimals.</summary>
    /// <returns>MiB/s, at least 0.000001.</returns>
    public static decimal RateOf(long bitsPerSecond) => Math.Max(0.000001m, Math.Round(bitsPerSecond / 8m / BytesPerUnit, 6));

    /// <summary>The card with its plug pulled, or in; one that is in has no key for it, so that a plug pulled and put back leaves no trace.</summary>
    /// <returns>The same card where it already is so.</returns>
    public NetDevice WithLinkDown(bool isDown) =>
        isDown == IsLinkDown ? this : isDown ? With(LinkDownKey, "1") : new NetDevice([.. _parts.Where(p => KeyOf(p) != LinkDownKey)]);

    /// <summary>The card with another rate limit.</summary>
    /// <param name="rate">MiB/s, greater than zero; <see langword="null"/> for none.</param>
    public NetDevice WithRate(decimal? rate) =>
        rate == Rate ? this
        : rate is { } value ? With(RateKey, value.ToString("0.######", CultureInfo.InvariantCulture))
        : new NetDevice([.. _parts.Where(p => KeyOf(p) != RateKey)]);

    /// <summary>The card with the plug and the rate of another one, and nothing else of it.</summary>
    public NetDevice WithOwn(NetDevice other) => WithLinkDown(other.IsLinkDown).WithRate(other.Rate);

    /// <summary>
    /// The card in one order, whichever it stands in: PVE writes the keys behind the model by name. A plug that is in is left out, a rate has no zeros at its
    /// end.
    /// </summary>
    public string Sorted => string.Join(',',
        new[] { MacAddress is { } mac ? $"{Model}={mac.ToUpperInvariant()}" : Model }
            .Concat(Others.Where(k => k is not (LinkDownKey or RateKey)).Select(k => $"{k}={Value(k)}")
            .Concat(IsLinkDown ? [LinkDownKey + "=1"] : [])
            .Concat(Rate is { } rate ? [$"{RateKey}={rate.ToString("0.######", CultureInfo.InvariantCulture)}"] : [])
            .OrderBy(p => p, StringComparer.Ordinal)));

    /// <summary>What differs from another card, in words: <c>link_down=1 here, absent there</c>; empty when nothing does, in whichever order they stand.</summary>
    public IReadOnlyList<string> DifferencesFrom(NetDevice other)
    {
        var (here, there) = (Sorted.Split(','), other.Sorted.Split(','));
        return
        [
            .. here.Concat(there).Select(KeyOf).Distinct(StringComparer.Ordinal).Select(k => (Here: PartOf(here, k), There: PartOf(there, k))).Where(d => d.Here != d.There)
                .Select(d => $"{d.Here ?? KeyOf(d.There!) + " absent"} here, {d.There ?? "absent"} there"),
        ];
    }

    /// <inheritdoc/>
    public bool Equals(NetDevice? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>As the configuration writes it.</summary>
    public override string ToString() => Text;

    private static string KeyOf(string part) => part.Split('=')[0].Trim();

    private static string? PartOf(string[] parts, string key) => Array.Find(parts, p => KeyOf(p) == key);

    /// <summary>Keys but the model and the hardware address, which may be written in two ways.</summary>
    private IEnumerable<string> Others => _parts.Skip(1).Select(KeyOf).Where(k => k is not ("model" or "macaddr"));

    private string? Value(string key) => _parts.FirstOrDefault(p => KeyOf(p) == key && p.Contains('=', StringComparison.Ordinal))?.Split('=', 2)[1];

    private NetDevice With(string key, string value)
    {
        var part = $"{key}={value}";
        return new NetDevice(_parts.Any(p => KeyOf(p) == key) ? [.. _parts.Select(p => KeyOf(p) == key ? part : p)] : [.. _parts, part]);
    }
}
