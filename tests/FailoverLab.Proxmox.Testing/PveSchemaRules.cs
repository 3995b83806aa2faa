using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FailoverLab.Proxmox.Testing;

/// <summary>The rules of PVE's published API: types, bounds, patterns and formats. A rule that is not known is a fault, so that nothing passes unseen.</summary>
internal static partial class PveSchemaRules
{
    // Formats by name, as PVE's sources write them; those that our calls and their answers meet.
    private static readonly Dictionary<string, string> Formats = new(StringComparer.Ordinal)
    {
        ["pve-node"] = "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?",
        ["pve-vmid"] = "[1-9][0-9]{2,8}",
        ["pve-configid"] = "[a-zA-Z][a-zA-Z0-9_-]+",
        ["pve-bridge-id"] = "[-_.a-zA-Z0-9]{1,15}",
        ["mac-addr"] = "[0-9a-fA-F][02468aceACE]((:[0-9a-fA-F]{2}){5})",
        ["pve-qm-boot"] = "order=[a-z0-9]+(;[a-z0-9]+)*",
        ["dns-name"] = "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?([.][a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*",
    };

    public static IEnumerable<string> FaultsOf(JsonElement info, IReadOnlyList<KeyValuePair<string, string>> values)
    {
        var properties = info.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty("properties", out var named)
            ? named.EnumerateObject().ToList()
            : [];
        foreach (var group in values.GroupBy(v => v.Key))
        {
            var rule = properties.Find(p => p.Name == group.Key || p.Name == Indexed(group.Key));
            if (rule.Value.ValueKind == JsonValueKind.Undefined)
            {
                yield return $"'{group.Key}' is not defined in the schema";
                continue;
            }

            if (group.Count() > 1 && TypeOf(rule.Value) != "array")
            {
                yield return $"'{group.Key}' is given {group.Count()} times";
            }

            foreach (var fault in group.SelectMany(v => FaultsOfText(v.Key, TypeOf(rule.Value) == "array" ? rule.Value.GetProperty("items") : rule.Value, v.Value)))
            {
                yield return fault;
            }
        }

        foreach (var rule in properties)
        {
            var isSent = values.Any(v => v.Key == rule.Name || Indexed(v.Key) == rule.Name);
            if (!isSent && !IsOptional(rule.Value))
            {
                yield return $"'{rule.Name}' is missing and it is not optional";
            }

            if (isSent && rule.Value.TryGetProperty("requires", out var other) && values.All(v => v.Key != other.GetString()))
            {
                yield return $"'{rule.Name}' requires '{other.GetString()}'";
            }
        }
    }

    /// <summary>Faults of a value that travels as text.</summary>
    public static IEnumerable<string> FaultsOfText(string name, JsonElement rule, string text) => TypeOf(rule) switch
    {
        "boolean" => text is "0" or "1" ? [] : [$"{name}: '{text}' is no boolean"],
        "integer" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? Bounds(name, rule, whole) : [$"{name}: '{text}' is no integer"],
        "number" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Bounds(name, rule, number) : [$"{name}: '{text}' is no number"],
        "string" => TextFaults(name, rule, text),
        var other => [$"{name}: type {other} is not known to the checker"],
    };

    /// <summary>Faults of a value of an answer.</summary>
    public static IEnumerable<string> FaultsOfValue(string name, JsonElement rule, JsonElement value)
    {
        switch (TypeOf(rule))
        {
            case "null":
                return value.ValueKind == JsonValueKind.Null ? [] : [$"{name} should be null"];
            case "array":
                return value.ValueKind != JsonValueKind.Array ? [$"{name} should be a list"]
                    : value.EnumerateArray().SelectMany((v, i) => FaultsOfValue($"{name}[{i}]", rule.GetProperty("items"), v));
            case "object" or "" when value.ValueKind == JsonValueKind.Object:
                return rule.TryGetProperty("properties", out var properties)
                    ? value.EnumerateObject().SelectMany(v => OfProperty(name, properties, rule, v))
                        .Concat(properties.EnumerateObject().Where(p => !IsOptional(p.Value) && !p.Name.EndsWith("[n]", StringComparison.Ordinal) && !value.TryGetProperty(p.Name, out _)).Select(p => $"{name}.{p.Name} is missing"))
                    : [];
            case "object":
                return [$"{name} should be an object"];
            default:
                return value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? FaultsOfText(name, rule, value.ToString()) : [$"{name} should be a {TypeOf(rule)}"];
        }
    }

    private static IEnumerable<string> OfProperty(string name, JsonElement properties, JsonElement rule, JsonProperty value)
    {
        if (properties.TryGetProperty(value.Name, out var known) || properties.TryGetProperty(Indexed(value.Name), out known))
        {
            return FaultsOfValue($"{name}.{value.Name}", known, value.Value);
        }

        // PVE's answers say more than their schema unless it forbids it.
        return rule.TryGetProperty("additionalProperties", out var more) && more.ToString() is "0" or "False" ? [$"{name}.{value.Name} is not in the schema"] : [];
    }

    private static IEnumerable<string> TextFaults(string name, JsonElement rule, string text)
    {
        if (rule.TryGetProperty("maxLength", out var most) && text.Length > most.GetInt32())
        {
            yield return $"{name}: longer than {most} characters";
        }

        if (rule.TryGetProperty("enum", out var allowed) && allowed.EnumerateArray().All(a => a.ToString() != text))
        {
            yield return $"{name}: '{text}' is none of {allowed}";
        }

        if (rule.TryGetProperty("pattern", out var pattern) && !Matches(pattern.GetString()!, text))
        {
            yield return $"{name}: '{text}' does not match {pattern}";
        }

        if (!rule.TryGetProperty("format", out var format))
        {
            yield break;
        }

        if (format.ValueKind == JsonValueKind.Object)
        {
            foreach (var fault in ListFaults(name, format, text))
            {
                yield return fault;
            }
        }
        else if (!Formats.TryGetValue(format.GetString()!, out var form))
        {
            yield return $"{name}: format {format} is not known to the checker";
        }
        else if (!Matches(form, text))
        {
            yield return $"{name}: '{text}' is no {format}";
        }
    }

    /// <summary>A list of <c>key=value</c> behind commas, one value of which may stand without its key.</summary>
    private static IEnumerable<string> ListFaults(string name, JsonElement format, string text)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            var (key, value) = part.Split('=', 2) is [var k, var v] ? (k, v) : (format.EnumerateObject().FirstOrDefault(p => p.Value.TryGetProperty("default_key", out _)).Name ?? "", part);
            if (!format.TryGetProperty(key, out var rule))
            {
                yield return $"{name}: '{key}' is not defined in the schema";
                continue;
            }

            if (rule.TryGetProperty("keyAlias", out var model))
            {
                seen.Add(model.GetString()!);
            }

            if (rule.TryGetProperty("alias", out var alias))
            {
                (key, rule) = (alias.GetString()!, format.GetProperty(alias.GetString()!));
            }

            if (!seen.Add(key))
            {
                yield return $"{name}: '{key}' stands twice";
            }

            foreach (var fault in FaultsOfText($"{name}.{key}", rule, value))
            {
                yield return fault;
            }
        }

        foreach (var missing in format.EnumerateObject().Where(p => !p.Value.TryGetProperty("alias", out _) && !IsOptional(p.Value) && !seen.Contains(p.Name)))
        {
            yield return $"{name}: '{missing.Name}' is missing";
        }
    }

    private static IEnumerable<string> Bounds(string name, JsonElement rule, double value) =>
        rule.TryGetProperty("minimum", out var least) && value < least.GetDouble() ? [$"{name}: {value} is less than {least}"]
        : rule.TryGetProperty("maximum", out var most) && value > most.GetDouble() ? [$"{name}: {value} is more than {most}"]
        : [];

    /// <summary>Perl's patterns: its own way to write a group is none of .NET's.</summary>
    private static bool Matches(string pattern, string text) => Regex.IsMatch(text, $@"\A(?:{pattern.Replace("(?^:", "(?:", StringComparison.Ordinal)})\z");

    private static string TypeOf(JsonElement rule) => rule.TryGetProperty("type", out var type) ? type.GetString()! : rule.TryGetProperty("properties", out _) ? "object" : "";

    private static bool IsOptional(JsonElement rule) => rule.TryGetProperty("optional", out var optional) && optional.ToString() is "1" or "True";

    private static string Indexed(string name) => Number().Replace(name, "[n]");

    [GeneratedRegex("[0-9]+$")]
    private static partial Regex Number();
}
