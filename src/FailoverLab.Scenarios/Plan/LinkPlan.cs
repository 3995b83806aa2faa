namespace FailoverLab.Scenarios;

/// <summary>A WAN link of a real lab: which host changes it, and by what. Links of the embedded lab are <see cref="WanLinkPlan"/>s.</summary>
public sealed record LinkPlan
{
    /// <summary>Link name (<c>starlink-1</c>); no link of the embedded lab has it.</summary>
    public required string Name { get; init; }

    /// <summary>Path name in reports.</summary>
    public required string Path { get; init; }

    /// <summary>What changes the link.</summary>
    public required LinkDriver Driver { get; init; }

    /// <summary>The host of the plan that performs the changes.</summary>
    public required string Host { get; init; }

    /// <summary>Interface on <see cref="Host"/> towards the site with several links; present for emulator, netem and nft, optional for the others.</summary>
    public string? Lan { get; init; }

    /// <summary>Interface on <see cref="Host"/> towards the provider; as <see cref="Lan"/>.</summary>
    public string? Wan { get; init; }

    /// <summary>Number of the virtual machine that carries the link, 1 to 999999999; present for wanulator and pve.</summary>
    public int? VmId { get; init; }

    /// <summary>Name of the Proxmox VE endpoint in <see cref="RunPlan.Pve"/>; present for pve.</summary>
    public string? Pve { get; init; }

    /// <summary>Number of the virtual machine's card that is switched (<c>net1</c> is 1), 0 to 31; present for pve.</summary>
    public int? Net { get; init; }

    /// <summary>The virtual machine's serial line on <see cref="Host"/>, an absolute path; present for wanulator.</summary>
    public string? Serial { get; init; }

    /// <summary>Where the password of the virtual machine's console is kept; present for wanulator.</summary>
    public SecretReference? Password { get; init; }

    /// <summary>The router's port the link ends at, for people and reports (<c>csg780-r2 vni-0/1</c>).</summary>
    public string? Router { get; init; }

    /// <summary>The link when nothing is wrong; every value set.</summary>
    public required LinkChange Profile { get; init; }

    /// <summary>The same towards <see cref="Lan"/>, where it differs; every value set, or <see langword="null"/>.</summary>
    public LinkChange? ProfileDown { get; init; }

    /// <summary>The profile as the file writes it, for printing the inventory again: YAML on one line, files absolute; absent when nothing is written.</summary>
    public string? ProfileText { get; init; }
}
