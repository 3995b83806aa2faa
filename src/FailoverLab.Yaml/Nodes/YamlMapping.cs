using System.Diagnostics.CodeAnalysis;
using FailoverLab.Primitives;

namespace FailoverLab.Yaml;

/// <summary>Keys with values; keys are unique.</summary>
public sealed class YamlMapping : YamlNode
{
    private readonly List<YamlEntry> _entries = [];
    private readonly Dictionary<string, YamlEntry> _byKey = new(StringComparer.Ordinal);

    internal YamlMapping(SourcePosition position)
        : base(position)
    {
    }

    /// <summary>Entries in order of the file.</summary>
    public IReadOnlyList<YamlEntry> Entries => _entries;

    /// <summary>
    /// Whether the whole mapping was read. <see langword="false"/> after a syntax error inside or after it, or when an entry
    /// had to be dropped: then a key that is absent here may well stand in the file.
    /// </summary>
    public bool IsComplete { get; internal set; }

    /// <inheritdoc/>
    public override string KindText => "a mapping";

    /// <summary>Finds a key; keys are compared by exact text.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out YamlEntry? entry) => _byKey.TryGetValue(key, out entry);

    internal void Add(YamlEntry entry)
    {
        _entries.Add(entry);
        _byKey.Add(entry.Key.Text, entry);
        ExpandedSize += 1 + entry.Value.ExpandedSize;
    }
}
