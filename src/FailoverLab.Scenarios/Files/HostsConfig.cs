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

    /// <summary>How ssh reaches every host that does not say otherwise.</summary>
    public SshConfig Ssh { get; init; } = SshConfig.Nothing;

    /// <summary>Proxmox VE endpoints.</summary>
    public IReadOnlyList<PvePlan> Pve { get; init; } = [];

    /// <summary>The topology's path relative to hosts.yaml; null when the file names none.</summary>
    public required string? LabFile { get; init; }

    public required SourcePosition LabPosition { get; init; }

    /// <summary>Whether all of it could be read; otherwise a name missing here may stand in the file.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>A host; transport and role null when not written.</summary>
    internal sealed record HostConfig(string Name, HostTransport? Transport, string? Role, SourcePosition Position)
    {
        public SshConfig Ssh { get; init; } = SshConfig.Nothing;

        /// <summary>What it has of a node of the lab; null where nothing is written.</summary>
        public StationConfig? Station { get; init; }
    }

    /// <summary>A group; its members as written, or by name where they were found otherwise.</summary>
    internal sealed record GroupConfig(string Name, IReadOnlyList<ValueReader> Members, SourcePosition Position)
    {
        public IReadOnlyList<string>? Names { get; init; }
    }

    /// <summary>A link of the embedded lab under its path name, or a link of a real lab.</summary>
    internal sealed record LinkConfig(string Name, string? Path, string? Wanulator, SourcePosition Position, SourcePosition WanulatorPosition)
    {
        /// <summary>The real link; null for one of the embedded lab.</summary>
        public RealLinkConfig? Real { get; init; }

        /// <summary>Whether there are keys that only a real link has.</summary>
        public bool HasRealKeys { get; init; }
    }

    /// <summary>What only a link of a real lab has.</summary>
    internal sealed record RealLinkConfig
    {
        public required LinkDriver Driver { get; init; }

        public required ValueReader Host { get; init; }

        public required string? Lan { get; init; }

        public required string? Wan { get; init; }

        public required int? Vm { get; init; }

        public required ValueReader Pve { get; init; }

        public required int? Net { get; init; }

        public required string? Serial { get; init; }

        public required SecretReference? Password { get; init; }

        public required string? Router { get; init; }

        public required (LinkChange Up, LinkChange Down) Profile { get; init; }

        /// <summary>The same as written; null when nothing is.</summary>
        public required string? ProfileText { get; init; }
    }
}
