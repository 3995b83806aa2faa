using FailoverLab.Scenarios;

namespace FailoverLab.WanDrivers;

/// <summary>What is known of one interface.</summary>
/// <param name="State">What it does to packets.</param>
/// <param name="IsOurs">Whether a netem of ours is there.</param>
/// <param name="Verb">How tc is to put the next settings there.</param>
/// <param name="Table">The delay table the kernel holds; <see langword="null"/> when there is none or it is not known.</param>
/// <param name="HadTableBefore">Whether it was there before this program and may hold a table of its own.</param>
internal sealed record NetemSide(LinkChange State, bool IsOurs, string Verb, DelayTable? Table, bool HadTableBefore)
{
    /// <summary>Whether the kernel may hold a table.</summary>
    public bool MayHaveTable => Table is not null || HadTableBefore;

    /// <summary>From what was found there.</summary>
    public static NetemSide Found(Qdisc root)
    {
        var isOurs = root is { Kind: "netem", Handle: NetemDriver.Handle };
        var state = root.Kind == "netem" ? LinkChange.Good.With(NetemReading.Of(root.Options).ToChange()) : LinkChange.Good;
        return new NetemSide(state, isOurs, isOurs ? "change" : root.IsKernelDefault ? "add" : "replace", null, isOurs);
    }
}
