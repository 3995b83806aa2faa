namespace FailoverLab.Integration.Tests;

/// <summary>What changes the links of a lab of <see cref="StackLabTests"/>.</summary>
public enum StackLinks
{
    /// <summary>nftables on the WANulators, which are namespaces.</summary>
    Nft,

    /// <summary>One link, <c>starlink-1</c>, by netem on a WANulator that is a QEMU machine, the others as <see cref="Nft"/>.</summary>
    Netem,

    /// <summary>The plugs of machines' cards, through the API of Proxmox VE.</summary>
    Pve,

    /// <summary>One link, <c>starlink-2</c>, as <see cref="Pve"/>, the others as <see cref="Nft"/>.</summary>
    NftAndPve,
}
