using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>One group of an Ansible inventory, gathered from every place it stands in.</summary>
internal sealed class AnsibleGroup(string name, SourcePosition position)
{
    public string Name { get; } = name;

    public SourcePosition Position { get; } = position;

    /// <summary>Variables for its hosts; later places win.</summary>
    public AnsibleVariables Variables { get; set; } = AnsibleVariables.None;

    /// <summary>Hosts named in the group itself.</summary>
    public List<string> Hosts { get; } = [];

    /// <summary>Names of its child groups.</summary>
    public List<string> Children { get; } = [];

    /// <summary>Longest way down from <c>all</c>; deeper groups win over those above them.</summary>
    public int Depth { get; set; }
}
