namespace FailoverLab.Packets;

/// <summary>What a pcapng file says about itself; each absent = not written. Cut at 1000 characters.</summary>
public sealed record PcapngSection
{
    /// <summary>Hardware (<c>shb_hardware</c>).</summary>
    public string? Hardware { get; init; }

    /// <summary>Operating system (<c>shb_os</c>).</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>Capturing program (<c>shb_userappl</c>).</summary>
    public string? Application { get; init; }

    /// <summary>Anything else (<c>opt_comment</c>).</summary>
    public string? Comment { get; init; }
}
