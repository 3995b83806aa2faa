namespace FailoverLab.Linux;

/// <summary>Offloads of an interface as they were before they were turned off.</summary>
public sealed class OffloadState
{
    internal OffloadState(string name, IReadOnlyList<uint> wereOn) => (Name, WereOn) = (name, wereOn);

    /// <summary>Interface name.</summary>
    public string Name { get; }

    /// <summary>Commands of ethtool that turn them on again, dependants first.</summary>
    internal IReadOnlyList<uint> WereOn { get; }
}
