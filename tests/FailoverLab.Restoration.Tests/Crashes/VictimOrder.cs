using System.Globalization;

namespace FailoverLab.Restoration.Tests;

/// <summary>What a victim is to do.</summary>
/// <param name="Directory">Holds its run directory, state folder and, but for <paramref name="Root"/>, the hosts' part.</param>
/// <param name="Run">Run id.</param>
/// <param name="Namespace">The host it changes.</param>
/// <param name="Root">The guard's directory.</param>
/// <param name="Lease">Lease.</param>
/// <param name="IsTied">Whether the end of the channel undoes at once.</param>
/// <param name="Seed">Of its changes.</param>
/// <param name="FailingUndos">Times each undo fails first.</param>
internal sealed record VictimOrder(string Directory, string Run, string Namespace, string Root, TimeSpan Lease, bool IsTied, ulong Seed, int FailingUndos)
{
    public StateFolder State => new(Path.Combine(Directory, "state"));

    public string RunDirectory => Path.Combine(Directory, "run");

    public GuardOptions Options => new()
    {
        Lease = Lease,
        Root = Root,
        UndoesOnChannelEnd = IsTied,
        Owner = "victim@here",
        Reach = new HostReach("local", new NamespaceHost(Namespace).Prefix, Root),
    };

    public string[] Arguments =>
    [
        "victim", Directory, Run, Namespace, Root, Lease.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), IsTied.ToString(),
        Seed.ToString(CultureInfo.InvariantCulture), FailingUndos.ToString(CultureInfo.InvariantCulture),
    ];

    public static VictimOrder Parse(string[] a) => new(
        a[0], a[1], a[2], a[3], TimeSpan.FromMilliseconds(double.Parse(a[4], CultureInfo.InvariantCulture)), bool.Parse(a[5]),
        ulong.Parse(a[6], CultureInfo.InvariantCulture), int.Parse(a[7], CultureInfo.InvariantCulture));
}
