using System.Text.Json.Serialization;

namespace FailoverLab.Emulator;

/// <summary>One cut of the gauge: from <paramref name="CutNs"/> on nothing passes, <paramref name="GapNs"/> later the other path passes.</summary>
/// <param name="CutNs">First instant that does not pass, ns.</param>
/// <param name="GapNs">How long nothing passes, ns; greater than zero.</param>
public readonly record struct GaugeCut(long CutNs, long GapNs)
{
    /// <summary>First instant that passes again, ns.</summary>
    [JsonIgnore]
    public long EndNs => CutNs + GapNs;

    /// <summary>
    /// When traffic is sent into the other path, ns: three quarters into the gap. Nothing passes then, so that when exactly a sender turns
    /// does not matter, and the old path has lost enough by then to be seen dead.
    /// </summary>
    [JsonIgnore]
    public long TurnNs => CutNs + (GapNs / 4 * 3);

    /// <summary>The same cut at another time.</summary>
    public GaugeCut After(long ns) => this with { CutNs = CutNs + ns };
}
