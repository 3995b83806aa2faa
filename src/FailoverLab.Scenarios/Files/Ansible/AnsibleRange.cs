using System.Globalization;
using System.Text.RegularExpressions;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Host names with ranges: <c>web[01:10]</c>, <c>rack-[a:c]</c>, <c>pc[0:20:5]</c>; the end belongs to the range, leading zeros stay.</summary>
internal static partial class AnsibleRange
{
    /// <summary>Most hosts of one inventory.</summary>
    public const int MaxHosts = 10_000;

    /// <summary>The names one key stands for.</summary>
    /// <param name="key">The key as written.</param>
    /// <param name="already">Hosts known before it.</param>
    /// <param name="bag">Takes every fault.</param>
    public static IReadOnlyList<string> Expand(YamlScalar key, int already, DiagnosticBag bag)
    {
        IReadOnlyList<string> names = [key.Text];
        while (names.Count > 0 && Range().Match(names[0]) is { Success: true } match)
        {
            var steps = Steps(match);
            if (steps.Count == 0 || already + ((long)names.Count * steps.Count) > MaxHosts)
            {
                bag.Error(ScenarioCodes.Ansible, key.Position, steps.Count == 0 ? $"the range '{match.Value}' is empty" : $"more than {MaxHosts} hosts in one inventory");
                return [];
            }

            names = [.. names.SelectMany(n => steps.Select(s => n[..match.Index] + s + n[(match.Index + match.Length)..]))];
        }

        return names;
    }

    /// <summary>A name that ends in a port, as Ansible takes it; an IPv6 address is none.</summary>
    public static (string Host, int? Port) SplitPort(string name) =>
        name.Count(c => c == ':') == 1 && ushort.TryParse(name.AsSpan(name.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? (name[..name.IndexOf(':', StringComparison.Ordinal)], port)
            : (name, null);

    private static IReadOnlyList<string> Steps(Match match)
    {
        var (from, to) = (match.Groups[1].Value, match.Groups[2].Value);
        var step = match.Groups[3].Success ? int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture) : 1;
        if (step == 0 || char.IsAsciiDigit(from[0]) != char.IsAsciiDigit(to[0]))
        {
            return [];
        }

        if (!char.IsAsciiDigit(from[0]))
        {
            return [.. Enumerable.Range(from[0], Math.Max(0, to[0] - from[0] + 1)).Where(c => (c - from[0]) % step == 0).Select(c => ((char)c).ToString())];
        }

        var (first, last) = (int.Parse(from, CultureInfo.InvariantCulture), int.Parse(to, CultureInfo.InvariantCulture));
        var form = from.Length > 1 && from[0] == '0' ? new string('0', from.Length) : "0";
        var count = Math.Min(Math.Max(0, ((last - first) / step) + (last >= first ? 1 : 0)), MaxHosts + 1);
        return [.. Enumerable.Range(0, count).Select(i => (first + (i * step)).ToString(form, CultureInfo.InvariantCulture))];
    }

    [GeneratedRegex(@"\[([0-9]{1,8}|[A-Za-z]):([0-9]{1,8}|[A-Za-z])(?::([0-9]{1,6}))?\]")]
    private static partial Regex Range();
}
