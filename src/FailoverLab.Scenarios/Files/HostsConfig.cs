using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>hosts.yaml as written.</summary>
internal sealed record HostsConfig
{
    /// <summary>Hosts in order of the file.</summary>
    public required IReadOnlyList<HostConfig> Hosts { get; init; }

    public required IReadOnlyList<GroupConfig> Groups { get; init; }

    public required IReadOnlyList<LinkConfig> Links { get; init; }

    /// <summary>The topology's path relative to hosts.yaml; null when the file names none.</summary>
    public required string? LabFile { get; init; }

    public required SourcePosition LabPosition { get; init; }

    /// <summary>Whether all of it could be read; otherwise a name missing here may stand in the file.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>A host; transport and role null when not written.</summary>
    internal sealed record HostConfig(string Name, HostTransport? Transport, string? Role, SourcePosition Position);

    internal sealed record GroupConfig(string Name, IReadOnlyList<ValueReader> Members, SourcePosition Position);

    internal sealed record LinkConfig(string Name, string? Path, string? Wanulator, SourcePosition Position, SourcePosition WanulatorPosition);
}
