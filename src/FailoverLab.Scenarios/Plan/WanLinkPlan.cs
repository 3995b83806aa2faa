namespace FailoverLab.Scenarios;

/// <summary>A WAN link: site end — WANulator — far end. The WANulator's interfaces are <c>lan</c> (site side) and <c>wan</c> (far side).</summary>
public sealed record WanLinkPlan
{
    /// <summary>Link name (<c>starlink-1</c>).</summary>
    public required string Name { get; init; }

    /// <summary>Path name in reports.</summary>
    public required string Path { get; init; }

    /// <summary>Node that emulates the link.</summary>
    public required string Wanulator { get; init; }

    /// <summary>Number of the WANulator's virtual machine in the lab this one mirrors.</summary>
    public required int VmId { get; init; }

    /// <summary>The end at the site with several links.</summary>
    public required CableEnd Site { get; init; }

    /// <summary>The far end.</summary>
    public required CableEnd Far { get; init; }

    /// <summary>The link when nothing is wrong; every value set.</summary>
    public required LinkChange Profile { get; init; }

    /// <summary>The way down when nothing is wrong, every value set; <see langword="null"/> where it is as <see cref="Profile"/>.</summary>
    public LinkChange? ProfileDown { get; init; }
}
