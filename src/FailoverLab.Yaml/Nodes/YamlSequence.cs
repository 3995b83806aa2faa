using FailoverLab.Primitives;

namespace FailoverLab.Yaml;

/// <summary>A list.</summary>
public sealed class YamlSequence : YamlNode
{
    private readonly List<YamlNode> _items = [];

    internal YamlSequence(SourcePosition position)
        : base(position)
    {
    }

    /// <summary>The items in order of the file.</summary>
    public IReadOnlyList<YamlNode> Items => _items;

    /// <inheritdoc/>
    public override string KindText => "a list";

    internal void Add(YamlNode item)
    {
        _items.Add(item);
        ExpandedSize += item.ExpandedSize;
    }
}
