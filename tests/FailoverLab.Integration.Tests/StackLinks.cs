namespace FailoverLab.Integration.Tests;

/// <summary>What changes the links of a lab of <see cref="StackLabTests"/>.</summary>
public enum StackLinks
{
    /// <summary>nftables on the WANulators, which are namespaces.</summary>
    Nft,

    /// <summary>netem on WANulators that are QEMU machines.</summary>
    Netem,

    /// <summary>The plugs of machines' cards, through the API of Proxmox VE.</summary>
    Pve,

    /// <summary>One link, <c>starlink-2</c>, as <see cref="Pve"/>, the others as <see cref="Nft"/>.</summary>
    NftAndPve,
}
