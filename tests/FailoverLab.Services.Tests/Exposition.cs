using System.Globalization;
using System.Text;

namespace FailoverLab.Services.Tests;

/// <summary>
/// A reader of the text exposition format 0.0.4, written from its specification: refuses what Prometheus refuses.
/// </summary>
internal static class Exposition
{
    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped"];

    /// <summary>Reads samples; every fault of form is a <see cref="FormatException"/>.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Labels, double Value)> Read(string text)
    {
        Require(text.EndsWith('\n'), "the last line ends with a line feed");
        var samples = new List<(string, IReadOnlyDictionary<string, string>, double)>();
        var seen = new HashSet<string>();
        var (types, helped, closed) = (new Dictionary<string, string>(), new HashSet<string>(), new HashSet<string>());
        var family = "";
        foreach (var line in text.Split('\n')[..^1])
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ', 4);
                Require(parts[1] is "HELP" or "TYPE" && parts.Length == 4, $"a comment that is neither HELP nor TYPE: {line}");
                Require(IsName(parts[2], colon: true), $"not a name: {line}");
                Require(parts[1] == "HELP" ? helped.Add(parts[2]) : types.TryAdd(parts[2], parts[3]), $"told twice: {line}");
                Require(parts[1] == "HELP" || Types.Contains(parts[3]), $"not a type: {line}");
                continue;
            }

            var sample = Sample(line);
            Require(types.ContainsKey(sample.Name), $"no TYPE before its samples: {line}");
            Require(types[sample.Name] != "counter" || (sample.Value >= 0 && sample.Name.EndsWith("_total", StringComparison.Ordinal)), $"not a counter: {line}");
            Require(sample.Name == family || closed.Add(sample.Name), $"a family in two places: {line}");
            Require(seen.Add(sample.Name + string.Join(',', sample.Labels.Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal))), $"a sample twice: {line}");
            family = sample.Name;
            samples.Add(sample);
        }

        return samples;
    }

    private static (string Name, IReadOnlyDictionary<string, string> Labels, double Value) Sample(string line)
    {
        var at = line.TakeWhile(c => c is not ('{' or ' ')).Count();
        var name = line[..at];
        Require(IsName(name, colon: true), $"not a name: {line}");
        var labels = new Dictionary<string, string>();
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf('=', at);
                var label = line[at..equals];
                Require(IsName(label, colon: false) && line[equals + 1] == '"', $"not a label: {line}");
                var value = new StringBuilder();
                for (at = equals + 2; line[at] != '"'; at++)
                {
                    value.Append(line[at] != '\\' ? line[at] : line[++at] switch { 'n' => '\n', '\\' => '\\', '"' => '"', _ => throw new FormatException($"not an escape: {line}") });
                }

                Require(labels.TryAdd(label, value.ToString()), $"a label twice: {line}");
                at++;
                Require(line[at] is ',' or '}', $"no comma between labels: {line}");
                at += line[at] == ',' ? 1 : 0;
            }

            at++;
        }

        Require(line[at] == ' ', $"no blank before the value: {line}");
        return (name, labels, double.Parse(line[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private static bool IsName(string text, bool colon) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || (colon && c == ':'));

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException(what);
        }
    }
}
