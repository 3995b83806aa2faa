using System.Globalization;
using System.Text;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Writes YAML that every reader takes alike: text in double quotes unless no version of YAML could take it for anything else.</summary>
internal sealed class YamlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>A comment line.</summary>
    public YamlWriter Comment(string text)
    {
        _text.Append("# ").Append(text).Append('\n');
        return this;
    }

    /// <summary>A key whose value follows, one level deeper.</summary>
    public YamlWriter Open(int level, string key)
    {
        _text.Append(' ', 2 * level).Append(Scalar(key)).Append(":\n");
        return this;
    }

    /// <summary>A key with its text; nothing when the text is null.</summary>
    public YamlWriter Text(int level, string key, string? value) => value is null ? this : Raw(level, key, Scalar(value));

    /// <summary>A key with a number; nothing when it is null.</summary>
    public YamlWriter Number(int level, string key, long? value) => value is null ? this : Raw(level, key, value.Value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A key with a flag; nothing unless it is set.</summary>
    public YamlWriter Flag(int level, string key, bool value) => value ? Raw(level, key, "true") : this;

    /// <summary>A key with a list on one line.</summary>
    public YamlWriter List(int level, string key, IEnumerable<string> values) => Raw(level, key, $"[{string.Join(", ", values.Select(Scalar))}]");

    /// <summary>A key with a mapping on one line; nothing when the mapping is empty.</summary>
    public YamlWriter Map(int level, string key, IEnumerable<(string Key, string Value)> entries)
    {
        var all = entries.Select(e => $"{Scalar(e.Key)}: {Scalar(e.Value)}").ToList();
        return all.Count == 0 ? this : Raw(level, key, $"{{ {string.Join(", ", all)} }}");
    }

    /// <summary>A key with YAML as <see cref="Flow"/> writes it; nothing when it is null.</summary>
    public YamlWriter Written(int level, string key, string? flow) => flow is null ? this : Raw(level, key, flow);

    /// <summary>A value on one line, with all that is in it.</summary>
    public static string Flow(YamlNode node) => node switch
    {
        YamlMapping mapping => $"{{ {string.Join(", ", mapping.Entries.Select(e => $"{Scalar(e.Key.Text)}: {Flow(e.Value)}"))} }}",
        YamlSequence list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
        YamlScalar { IsNull: false } scalar => Scalar(scalar.Text),
        _ => "~",
    };

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>One value. Only words that are no keyword in any version stand without quotes.</summary>
    internal static string Scalar(string text)
    {
        if (text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
            && text.ToUpperInvariant() is not ("Y" or "N" or "YES" or "NO" or "ON" or "OFF" or "TRUE" or "FALSE" or "NULL"))
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private YamlWriter Raw(int level, string key, string value)
    {
        _text.Append(' ', 2 * level).Append(Scalar(key)).Append(": ").Append(value).Append('\n');
        return this;
    }
}
