using FailoverLab.Primitives;

namespace FailoverLab.Yaml;

/// <summary>
/// Reads a mapping key by key. Every fault goes to the diagnostics with its place and the reading goes on; a key that was never
/// asked for is unknown. Use: ask for each key with <see cref="Optional"/> or <see cref="Require"/>, then call <see cref="Finish"/>.
/// </summary>
/// <example><code>
/// var reader = MappingReader.Open(root, bag, "the endpoint's config");
/// var name = reader?.Require("name").Text();
/// var every = reader?.Optional("interval").Duration(min, max) ?? TimeSpan.FromMilliseconds(10);
/// reader?.Finish();
/// </code></example>
public sealed class MappingReader
{
    private readonly YamlMapping _mapping;
    private readonly DiagnosticBag _bag;
    private readonly List<string> _known = [];

    private MappingReader(YamlMapping mapping, DiagnosticBag bag, string what)
    {
        _mapping = mapping;
        _bag = bag;
        What = what;
    }

    /// <summary>What this mapping is, as messages name it (<c>a degrade step</c>).</summary>
    public string What { get; }

    /// <summary>Where the mapping begins.</summary>
    public SourcePosition Position => _mapping.Position;

    /// <summary>Whether the whole mapping was read; see <see cref="YamlMapping.IsComplete"/>.</summary>
    public bool IsComplete => _mapping.IsComplete;

    /// <summary>Keys asked for so far, in that order: what this mapping may hold.</summary>
    public IReadOnlyList<string> Known => _known;

    /// <summary>The entries as written, for mappings whose keys are names of the person's own; asks for none of them.</summary>
    public IReadOnlyList<YamlEntry> Entries => _mapping.Entries;

    /// <summary>Begins to read a mapping.</summary>
    /// <param name="node">The node; <see langword="null"/> gives <see langword="null"/> in silence.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <param name="what">What the mapping is, as messages name it.</param>
    /// <returns>The reader, or <see langword="null"/> when the node is no mapping; then the fault was reported.</returns>
    public static MappingReader? Open(YamlNode? node, DiagnosticBag bag, string what)
    {
        if (node is YamlMapping mapping)
        {
            return new MappingReader(mapping, bag, what);
        }
        if (node is not (null or YamlFault))
        {
            bag.Error(YamlCodes.WrongKind, node.Position, $"{what} is a mapping ('key: value' lines), but here stands {node.KindText}");
        }
        return null;
    }

    /// <summary>Whether the key stands in the file; asking makes it known.</summary>
    public bool Has(string key)
    {
        Know(key);
        return _mapping.TryGet(key, out _);
    }

    /// <summary>A key that may be absent; its value then reads as <see langword="null"/> without a fault.</summary>
    public ValueReader Optional(string key)
    {
        Know(key);
        return _mapping.TryGet(key, out var entry)
            ? new ValueReader(entry.Value, entry.Key.Position, _bag, $"'{key}'")
            : new ValueReader(null, Position, _bag, $"'{key}'");
    }

    /// <summary>A key that must be there; its absence is reported, except where part of the mapping could not be read.</summary>
    public ValueReader Require(string key)
    {
        if (!Has(key) && IsComplete)
        {
            _bag.Error(YamlCodes.MissingKey, Position, $"{What} lacks the key '{key}'");
        }
        return Optional(key);
    }

    /// <summary>Exactly one of several keys must be there.</summary>
    /// <param name="keys">The keys that exclude each other.</param>
    /// <returns>The key that stands there (the first in the file when there are several), or <see langword="null"/>.</returns>
    public string? OneOfKeys(IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            Know(key);
        }
        var present = _mapping.Entries.Where(e => keys.Contains(e.Key.Text)).ToList();
        if (present.Count == 0 && IsComplete)
        {
            _bag.Error(YamlCodes.Choice, Position, $"{What} needs exactly one of: {string.Join(", ", keys)}");
        }
        foreach (var surplus in present.Skip(1))
        {
            _bag.Error(YamlCodes.Choice, surplus.Key.Position, $"'{surplus.Key.Text}' and '{present[0].Key.Text}' exclude each other in {What}");
        }
        return present.FirstOrDefault()?.Key.Text;
    }

    /// <summary>Place of a key's value; of the mapping when the key is absent.</summary>
    public SourcePosition PositionOf(string key) => _mapping.TryGet(key, out var entry) ? entry.Value.Position : Position;

    /// <summary>Reports every key that was never asked for, with the nearest known one and the whole list.</summary>
    public void Finish()
    {
        foreach (var entry in _mapping.Entries.Where(e => !_known.Contains(e.Key.Text)))
        {
            _bag.Error(YamlCodes.UnknownKey, entry.Key.Position, $"unknown key '{Shorten(entry.Key.Text)}' in {What}; allowed: {string.Join(", ", _known)}",
                NearestName.Find(entry.Key.Text, _known) is { } nearest ? $"did you mean '{nearest}'?" : null);
        }
    }

    /// <summary>Text cut to what a message can hold.</summary>
    internal static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..57] + "...";
    }

    private void Know(string key)
    {
        if (!_known.Contains(key))
        {
            _known.Add(key);
        }
    }
}
