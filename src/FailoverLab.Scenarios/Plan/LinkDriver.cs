namespace FailoverLab.Scenarios;

/// <summary>What changes a real link.</summary>
public enum LinkDriver
{
    /// <summary>Our own emulator (the <c>wan</c> verb) between two interfaces of a host.</summary>
    Emulator,

    /// <summary>The kernel's netem on the two interfaces of a host.</summary>
    Netem,

    /// <summary>nftables and token buckets on the two interfaces of a host, where the kernel has no netem.</summary>
    Nft,

    /// <summary>A WANulator virtual machine, through the serial socket on its Proxmox VE host.</summary>
    Wanulator,

    /// <summary>The network card of a virtual machine, through the Proxmox VE API: carrier and a coarse rate.</summary>
    Pve,
}
