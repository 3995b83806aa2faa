using FailoverLab.Primitives;

namespace FailoverLab.Yaml;

/// <summary>Stands where a node could not be read; its fault is already reported, so readers pass over it in silence.</summary>
public sealed class YamlFault : YamlNode
{
    internal YamlFault(SourcePosition position)
        : base(position)
    {
    }

    /// <inheritdoc/>
    public override string KindText => "a fault";
}
