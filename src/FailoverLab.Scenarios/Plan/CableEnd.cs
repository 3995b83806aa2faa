namespace FailoverLab.Scenarios;

/// <summary>An interface of a node.</summary>
/// <param name="Node">Node name.</param>
/// <param name="Interface">Interface name.</param>
public sealed record CableEnd(string Node, string Interface)
{
    /// <summary><c>node.interface</c>, also the name of the capture point.</summary>
    public override string ToString() => $"{Node}.{Interface}";
}
