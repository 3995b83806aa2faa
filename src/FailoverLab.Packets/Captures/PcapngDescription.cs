namespace FailoverLab.Packets;

/// <summary>What a pcapng file says about itself and its one interface.</summary>
/// <param name="InterfaceName">Name of the capture point (<c>if_name</c>).</param>
/// <param name="LinkType">What frames start with.</param>
/// <param name="SnapLength">Largest number of bytes kept of a packet; 0 = no limit.</param>
public sealed record PcapngDescription(string InterfaceName, CaptureLinkType LinkType, uint SnapLength)
{
    /// <summary>Hardware (<c>shb_hardware</c>); absent = not written.</summary>
    public string? Hardware { get; init; }

    /// <summary>Operating system (<c>shb_os</c>); absent = not written.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>Capturing program (<c>shb_userappl</c>); absent = not written.</summary>
    public string? Application { get; init; }
}
