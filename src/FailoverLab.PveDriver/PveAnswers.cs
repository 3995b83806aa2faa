using FailoverLab.Proxmox;

namespace FailoverLab.PveDriver;

/// <summary>What a PVE host answered to the questions of <c>doctor</c>; data only, so that it can be judged as written down.</summary>
/// <param name="Name">The endpoint's name.</param>
public sealed record PveAnswers(string Name)
{
    /// <summary>What ended the questions; <see langword="null"/> when all were answered.</summary>
    public PveException? End { get; init; }

    /// <summary>Its version; <see langword="null"/> when it was not answered.</summary>
    public PveVersion? Version { get; init; }

    /// <summary>What the credential may do, by object; <see langword="null"/> when it was not answered.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>>? Permissions { get; init; }

    /// <summary>The node's machines that the credential sees; <see langword="null"/> when it was not answered.</summary>
    public IReadOnlyList<MachineSummary>? Machines { get; init; }

    /// <summary>Cards of the machines that were asked for, by machine and number.</summary>
    public IReadOnlyDictionary<int, IReadOnlyDictionary<int, NetDevice>> Cards { get; init; } = new Dictionary<int, IReadOnlyDictionary<int, NetDevice>>();
}
