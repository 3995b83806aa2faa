using FailoverLab.Primitives;

namespace FailoverLab.Yaml;

/// <summary>One node of a YAML file, with its place. Nodes reached by an alias are shared, never copied.</summary>
public abstract class YamlNode
{
    private protected YamlNode(SourcePosition position) => Position = position;

    /// <summary>Where the node begins; for an aliased node, where its anchor stands.</summary>
    public SourcePosition Position { get; }

    /// <summary>What a person calls this kind of node: <c>a mapping</c>, <c>a list</c>, <c>text</c>.</summary>
    public abstract string KindText { get; }

    /// <summary>Nodes below and including this one, aliases counted as often as they are used.</summary>
    internal int ExpandedSize { get; set; } = 1;
}
