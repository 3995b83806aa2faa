using System.Globalization;
using System.Text.Json;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>What nftables does to the packets that leave one interface. Written as one transaction, read back from nft's JSON. Pure.</summary>
internal sealed record NftRules
{
    /// <summary>Steps of a random share: a thousand-millionth.</summary>
    private const uint Resolution = 1_000_000_000;

    /// <summary>Bytes of an Ethernet header, which nft counts with a packet that leaves.</summary>
    private const int EthernetHeader = 14;

    /// <summary>Nothing is done to packets.</summary>
    public static NftRules None { get; } = new();

    /// <summary>Whether everything is dropped.</summary>
    public bool Drop { get; init; }

    /// <summary>Share lost at random, in thousand-millionths.</summary>
    public uint Loss { get; init; }

    /// <summary>Every so-manieth packet is lost, from 1; 0 is none.</summary>
    public int Every { get; init; }

    /// <summary>Longest IP packet that passes; 0 is any.</summary>
    public int Mtu { get; init; }

    /// <summary>The rules of a link's whole state in one direction.</summary>
    public static NftRules Of(LinkChange state) => new()
    {
        Drop = state.Drop == true,
        Loss = state.LossModel switch
        {
            null => Steps(state.Loss ?? default),
            BurstLossPlan { Burst: 1 } one => Steps(one.Share),
            _ => 0,
        },
        Every = state.LossModel is EveryNthLossPlan nth ? nth.Every : 0,
        Mtu = state.Mtu is { } mtu && mtu != LinkChange.NoMtu ? mtu : 0,
    };

    /// <summary>The transaction that puts them into a chain of a table of ours.</summary>
    /// <param name="table">The table.</param>
    /// <param name="device">The interface the packets leave by.</param>
    public IEnumerable<string> Script(string table, string device)
    {
        yield return $"add table netdev {table}";
        yield return $"add chain netdev {table} out {{ type filter hook egress device \"{device}\" priority 0; policy accept; }}";
        yield return $"flush chain netdev {table} out";
        foreach (var rule in Lines())
        {
            yield return $"add rule netdev {table} out {rule}";
        }
    }

    /// <summary>Reads the rules of a table as <c>nft -j list table</c> prints it.</summary>
    /// <returns>They, or <see langword="null"/> when there is anything that is not one of ours.</returns>
    public static NftRules? Read(string text)
    {
        var rules = None;
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
            {
                if (item.TryGetProperty("rule", out var rule) && (rules = rules?.Add(rule.GetProperty("expr"))) is null)
                {
                    return null;
                }
            }

            return rules;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The rules in words.</summary>
    public string Words => string.Join(", ", (string[])
    [
        .. Drop ? ["silent drop"] : (string[])[],
        .. Mtu > 0 ? [$"MTU {Mtu}"] : (string[])[],
        .. Every > 0 ? [$"every {Every}th packet lost"] : (string[])[],
        .. Loss > 0 ? [$"loss {new Ratio((double)Loss / Resolution)}"] : (string[])[],
    ]);

    /// <summary>As a plan says it.</summary>
    public LinkChange ToChange() => new()
    {
        Drop = Drop,
        Loss = Every > 0 ? null : new Ratio((double)Loss / Resolution),
        LossModel = Every > 0 ? new EveryNthLossPlan(Every) : null,
        Mtu = Mtu > 0 ? Mtu : LinkChange.NoMtu,
    };

    private static uint Steps(Ratio share) => (uint)Math.Round(share.Value * Resolution);

    private IEnumerable<string> Lines()
    {
        if (Drop)
        {
            yield return "drop";
        }

        if (Mtu > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"meta length > {Mtu + EthernetHeader} drop");
        }

        if (Every > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"numgen inc mod {Every} == {Every - 1} drop");
        }

        if (Loss > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"numgen random mod {Resolution} < {Loss} drop");
        }
    }

    private NftRules? Add(JsonElement expressions)
    {
        var parts = expressions.EnumerateArray().ToList();
        if (parts.Count == 0 || !parts[^1].TryGetProperty("drop", out _))
        {
            return null;
        }

        if (parts.Count == 1)
        {
            return this with { Drop = true };
        }

        if (parts.Count != 2 || !parts[0].TryGetProperty("match", out var match))
        {
            return null;
        }

        var (left, op, right) = (match.GetProperty("left"), match.GetProperty("op").GetString(), match.GetProperty("right").GetUInt32());
        if (left.TryGetProperty("meta", out var meta))
        {
            return meta.GetProperty("key").GetString() == "length" && op == ">" ? this with { Mtu = (int)right - EthernetHeader } : null;
        }

        var generator = left.GetProperty("numgen");
        var (mode, modulus) = (generator.GetProperty("mode").GetString(), generator.GetProperty("mod").GetUInt32());
        return (mode, op) switch
        {
            ("inc", "==") when right == modulus - 1 => this with { Every = (int)modulus },
            ("random", "<") when modulus == Resolution => this with { Loss = right },
            _ => null,
        };
    }
}
