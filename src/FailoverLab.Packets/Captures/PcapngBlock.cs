namespace FailoverLab.Packets;

/// <summary>Numbers of the pcapng format (draft-ietf-opsawg-pcapng).</summary>
internal static class PcapngBlock
{
    /// <summary>Section header block; the same in both byte orders.</summary>
    public const uint SectionHeader = 0x0A0D0D0A;

    /// <summary>Interface description block.</summary>
    public const uint InterfaceDescription = 1;

    /// <summary>The obsolete packet block.</summary>
    public const uint Packet = 2;

    /// <summary>Simple packet block: no stamp, interface 0.</summary>
    public const uint SimplePacket = 3;

    /// <summary>Interface statistics block.</summary>
    public const uint InterfaceStatistics = 5;

    /// <summary>Enhanced packet block.</summary>
    public const uint EnhancedPacket = 6;

    /// <summary>First word of a section header's body, in the section's byte order.</summary>
    public const uint ByteOrderMagic = 0x1A2B3C4D;

    /// <summary>Bytes of an enhanced packet block before its data: type, length, interface, stamp (8 bytes), captured and original length.</summary>
    public const int EnhancedHead = 28;

    /// <summary>Option of every block: a comment, UTF-8 (<c>opt_comment</c>).</summary>
    public const ushort Comment = 1;

    /// <summary>Option of an interface description: its name, UTF-8 (<c>if_name</c>).</summary>
    public const ushort InterfaceName = 2;

    /// <summary>Ends a list of options.</summary>
    public const ushort EndOfOptions = 0;

    /// <summary>Bytes of a block around its body: type, length, length again.</summary>
    public const int Frame = 12;
}
