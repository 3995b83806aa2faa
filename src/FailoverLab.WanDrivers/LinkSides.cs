using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>The two interfaces of the machine in the middle of a link. A queue acts on what leaves an interface, so each direction has one.</summary>
/// <param name="Lan">Towards the site: what leaves here goes down.</param>
/// <param name="Wan">Towards the far end: what leaves here goes up.</param>
internal sealed record LinkSides(string Lan, string Wan)
{
    /// <summary>Both, the upward one first.</summary>
    public IReadOnlyList<string> All => [Wan, Lan];

    /// <summary>The interfaces that packets of a direction leave by.</summary>
    public IReadOnlyList<string> Of(LinkDirection direction) => direction switch
    {
        LinkDirection.Up => [Wan],
        LinkDirection.Down => [Lan],
        _ => All,
    };

    /// <summary>Checks the names of a link's interfaces.</summary>
    /// <exception cref="Hosts.StepHostException">A name is unsafe, or both are one.</exception>
    public static LinkSides Checked(string link, string lan, string wan) =>
        InterfaceName.Checked(lan, link) == InterfaceName.Checked(wan, link)
            ? throw new Hosts.StepHostException($"link {link}: its two interfaces are both {lan}")
            : new LinkSides(lan, wan);
}
