using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FailoverLab.Primitives;

namespace FailoverLab.Yaml;

/// <summary>
/// One value, read as what the caller wants. Every method answers <see langword="null"/> when the value is absent, or when it is
/// not what is wanted; then the fault was reported. A faulty value is reported once per reading, so read each value once.
/// </summary>
public sealed class ValueReader
{
    private readonly DiagnosticBag _bag;
    private readonly SourcePosition _keyPosition;

    /// <summary>Begins to read a value.</summary>
    /// <param name="node">The value, or <see langword="null"/> when it is absent.</param>
    /// <param name="keyPosition">Where its key or list entry stands; the place of a fault when nothing is written.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <param name="what">What the value is, as messages name it (<c>'interval'</c>).</param>
    public ValueReader(YamlNode? node, SourcePosition keyPosition, DiagnosticBag bag, string what)
    {
        Node = node;
        _keyPosition = keyPosition;
        _bag = bag;
        What = what;
    }

    /// <summary>The value as written; <see langword="null"/> when it is absent.</summary>
    public YamlNode? Node { get; }

    /// <summary>What the value is, as messages name it.</summary>
    public string What { get; }

    /// <summary>Whether the key stands in the file.</summary>
    public bool IsPresent => Node is not null;

    /// <summary>Whether the key stands in the file without a value.</summary>
    public bool IsEmpty => Node is YamlScalar { IsNull: true };

    /// <summary>Whether the value is text (and not empty).</summary>
    public bool IsText => Node is YamlScalar { IsNull: false };

    /// <summary>Where the value stands; its key when nothing is written after it.</summary>
    public SourcePosition Position => Node is null or YamlScalar { IsNull: true } ? _keyPosition : Node.Position;

    /// <summary>Text of any kind, not empty.</summary>
    public string? Text()
    {
        switch (Node)
        {
            case null or YamlFault:
                return null;
            case YamlScalar { IsNull: true }:
                Error(YamlCodes.NoValue, $"{What} has no value");
                return null;
            case YamlScalar { Text: "" }:
                Error(YamlCodes.NoValue, $"{What} is empty");
                return null;
            case YamlScalar scalar:
                return scalar.Text;
            default:
                Error(YamlCodes.WrongKind, $"{What} is text, but here stands {Node.KindText}");
                return null;
        }
    }

    /// <summary>Text of one form.</summary>
    /// <param name="isAllowed">Whether the text has the form.</param>
    /// <param name="form">The form in words, as the message says it (<c>1 to 15 letters or digits</c>).</param>
    public string? Text(Func<string, bool> isAllowed, string form) =>
        Check(Text(), isAllowed, t => Error(YamlCodes.Form, $"{What} '{MappingReader.Shorten(t)}' is not {form}"));

    /// <summary>One of several words, exact in case.</summary>
    /// <param name="allowed">The words.</param>
    public string? OneOf(params IReadOnlyList<string> allowed) =>
        Check(Text(), allowed.Contains, t => Error(YamlCodes.NotAllowed, $"{What} '{MappingReader.Shorten(t)}' is not one of: {string.Join(", ", allowed)}", DidYouMean(t, allowed)));

    /// <summary>One of several words that stand for values.</summary>
    /// <param name="allowed">Word to value.</param>
    public T? OneOf<T>(IReadOnlyDictionary<string, T> allowed)
        where T : struct =>
        OneOf([.. allowed.Keys]) is { } word ? allowed[word] : null;

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool? Flag() => OneOf("true", "false") is { } word ? word == "true" : null;

    /// <summary>A duration with its unit (<c>150ms</c>).</summary>
    /// <param name="min">Smallest allowed.</param>
    /// <param name="max">Largest allowed.</param>
    public TimeSpan? Duration(TimeSpan min, TimeSpan max)
    {
        if (Text() is not { } text)
        {
            return null;
        }
        if (!DurationText.TryParse(text, out var value))
        {
            Error(YamlCodes.Unit, $"{What} '{MappingReader.Shorten(text)}' is not a duration with its unit ({string.Join(", ", DurationText.Units)})", UnitAdvice.ForDuration(text, min, max));
            return null;
        }
        return InRange(value, min, max, DurationText.Format);
    }

    /// <summary>A share with its sign (<c>15%</c>).</summary>
    public Ratio? Ratio()
    {
        if (Text() is not { } text)
        {
            return null;
        }
        if (Primitives.Ratio.TryParse(text, out var value))
        {
            return value;
        }
        var isNumber = double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        Error(isNumber && text.EndsWith('%') ? YamlCodes.OutOfRange : YamlCodes.Unit,
            $"{What} '{MappingReader.Shorten(text)}' is not a share of 0% to 100%", UnitAdvice.ForRatio(text));
        return null;
    }

    /// <summary>A data rate with its unit (<c>20Mbit/s</c>).</summary>
    public DataRate? Rate()
    {
        if (Text() is not { } text)
        {
            return null;
        }
        if (DataRate.TryParse(text, out var value))
        {
            return value;
        }
        Error(YamlCodes.Unit, $"{What} '{MappingReader.Shorten(text)}' is not a rate of 1bit/s to 1000Gbit/s (bit/s, kbit/s, Mbit/s, Gbit/s)", UnitAdvice.ForRate(text));
        return null;
    }

    /// <summary>A whole number, or a whole number with the unit given.</summary>
    /// <param name="min">Smallest allowed.</param>
    /// <param name="max">Largest allowed.</param>
    /// <param name="unit">Unit that must stand after the number (<c>B</c>); empty for none.</param>
    public long? WholeNumber(long min, long max, string unit = "")
    {
        if (Text() is not { } text)
        {
            return null;
        }
        var hasUnit = text.EndsWith(unit, StringComparison.Ordinal);
        var number = hasUnit ? text[..^unit.Length] : text;
        if (!long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            Error(YamlCodes.Form, $"{What} '{MappingReader.Shorten(text)}' is not a whole number{(unit.Length > 0 ? $" of {unit}" : "")} in {min}{unit}..{max}{unit}");
            return null;
        }
        if (!hasUnit)
        {
            Error(YamlCodes.Unit, $"{What} '{text}' has no unit", $"write {text}{unit}");
            return null;
        }
        return InRange(value, min, max, v => $"{v.ToString(CultureInfo.InvariantCulture)}{unit}");
    }

    /// <summary>A number without unit, point as decimal mark.</summary>
    /// <param name="min">Smallest allowed.</param>
    /// <param name="max">Largest allowed.</param>
    public double? Number(double min, double max)
    {
        if (Text() is not { } text)
        {
            return null;
        }
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            Error(YamlCodes.Form, $"{What} '{MappingReader.Shorten(text)}' is not a number");
            return null;
        }
        return InRange(value, min, max, v => v.ToString("0.######", CultureInfo.InvariantCulture));
    }

    /// <summary>An IP address in full (<c>192.0.2.1</c>; not the short forms <c>10.1</c> or <c>1</c>).</summary>
    /// <param name="family">The family wanted, or <see langword="null"/> for either.</param>
    public IPAddress? Address(AddressFamily? family = null)
    {
        var wanted = family switch { AddressFamily.InterNetwork => "an IPv4 address", AddressFamily.InterNetworkV6 => "an IPv6 address", _ => "an IP address" };
        var text = Text(t => IPAddress.TryParse(t, out var a) && (family is null || a.AddressFamily == family) && (t.Contains(':') || t.Count('.') == 3) && !t.Contains('%') && !t.Contains('['), wanted);
        return text is null ? null : IPAddress.Parse(text);
    }

    /// <summary>A mapping.</summary>
    /// <param name="what">What it is, as messages name it; <see langword="null"/> for the key's name.</param>
    public MappingReader? Mapping(string? what = null)
    {
        if (IsEmpty)
        {
            Error(YamlCodes.NoValue, $"{What} has no value");
            return null;
        }
        return MappingReader.Open(Node, _bag, what ?? What);
    }

    /// <summary>The entries of a mapping whose keys are names of the person's own; empty when absent.</summary>
    public IReadOnlyList<(YamlScalar Key, ValueReader Value)> Entries() =>
        Mapping() is { } mapping
            ? [.. mapping.Entries.Select(e => (e.Key, new ValueReader(e.Value, e.Key.Position, _bag, $"'{MappingReader.Shorten(e.Key.Text)}'")))]
            : [];

    /// <summary>The items of a list; empty when absent.</summary>
    public IReadOnlyList<ValueReader> Items()
    {
        switch (Node)
        {
            case null or YamlFault:
                return [];
            case YamlSequence list:
                return [.. list.Items.Select(i => new ValueReader(i, i.Position, _bag, $"an entry of {What}"))];
            case YamlScalar { IsNull: true }:
                Error(YamlCodes.NoValue, $"{What} has no value");
                return [];
            default:
                Error(YamlCodes.WrongKind, $"{What} is a list, but here stands {Node.KindText}");
                return [];
        }
    }

    /// <summary>The items of a list, or one value standing by itself; empty when absent.</summary>
    public IReadOnlyList<ValueReader> OneOrMany() => Node is YamlScalar { IsNull: false } ? [this] : Items();

    /// <summary>Reports a fault of this value.</summary>
    public void Error(string code, string message, string? hint = null) => _bag.Error(code, Position, message, hint);

    /// <summary>Reports something about this value that the reader should know.</summary>
    public void Warning(string code, string message, string? hint = null) => _bag.Warning(code, Position, message, hint);

    private T? InRange<T>(T value, T min, T max, Func<T, string> format)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0)
        {
            return value;
        }
        Error(YamlCodes.OutOfRange, $"{What} {format(value)} is out of range: {format(min)} to {format(max)}");
        return null;
    }

    private static string? Check(string? text, Func<string, bool> isAllowed, Action<string> report)
    {
        if (text is null || isAllowed(text))
        {
            return text;
        }
        report(text);
        return null;
    }

    private static string? DidYouMean(string seen, IEnumerable<string> known) =>
        NearestName.Find(seen, known) is { } nearest ? $"did you mean '{nearest}'?" : null;
}
