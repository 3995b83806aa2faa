using FailoverLab.Emulator;

namespace FailoverLab.Wan;

/// <summary>Links that change at one instant. Each decides by its packets' own stamps, so packets of one instant meet one state on all of them.</summary>
public static class WanGroup
{
    /// <summary>Plans a change of several links.</summary>
    /// <param name="links">The links.</param>
    /// <param name="realtimeNs">The instant, CLOCK_REALTIME ns; far enough ahead that all have been told by then (1 ms is enough).</param>
    /// <param name="directions">Which directions.</param>
    /// <param name="change">New values from the old.</param>
    /// <returns>When each had switched, in the order of the links, CLOCK_REALTIME ns.</returns>
    public static Task<long[]> ApplyAt(
        IEnumerable<WanLink> links, long realtimeNs, LinkDirections directions, Func<LinkImpairments, LinkImpairments> change) =>
        Task.WhenAll(links.Select(l => l.ApplyAt(realtimeNs, directions, change)));
}
