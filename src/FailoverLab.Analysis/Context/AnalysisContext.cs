using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>
/// What is known beside the captures. Everything is optional: from nothing, flows and their ends are found in the packets;
/// without <see cref="Paths"/> no failover is seen.
/// </summary>
public sealed record AnalysisContext
{
    /// <summary>So many paths, and so many routing servers, are followed: a packet's paths are bits of a word.</summary>
    public const int MostPaths = 64;

    /// <summary>Nothing known.</summary>
    public static AnalysisContext Empty { get; } = new();

    /// <summary>Flows of the plan; flows not listed are found and named by their number.</summary>
    public IReadOnlyList<FlowContext> Flows { get; init; } = [];

    /// <summary>Paths in order of the topology; those beyond the first <see cref="MostPaths"/> are not followed, and a caveat says so.</summary>
    public IReadOnlyList<PathContext> Paths { get; init; } = [];

    /// <summary>Routing servers; those beyond the first <see cref="MostPaths"/> are not followed, and a caveat says so.</summary>
    public IReadOnlyList<RouterContext> Routers { get; init; } = [];

    /// <summary>Faults and restores, in any order.</summary>
    public IReadOnlyList<FaultContext> Faults { get; init; } = [];

    /// <summary>What was asked of each direction of each link, stretch by stretch; nothing is audited where this is empty.</summary>
    public IReadOnlyList<LinkAsked> Links { get; init; } = [];

    /// <summary>Events of the failover stack (kind <see cref="RunEventKind.Stack"/>); others are passed over.</summary>
    public IReadOnlyList<RunEvent> StackEvents { get; init; } = [];

    /// <summary>Counts by the capturing program.</summary>
    public IReadOnlyList<PointReport> Reports { get; init; } = [];

    /// <summary>Points that flows begin at, for captures without a plan; absent = any may be. A point that also receives is not told by this.</summary>
    public IReadOnlySet<string>? SendingPoints { get; init; }

    /// <summary>Points that flows end at, for captures without a plan; absent = any may be.</summary>
    public IReadOnlySet<string>? ReceivingPoints { get; init; }

    /// <summary>Hosts by their addresses in usual text: a flow from or to one ends there, whatever the clocks say; points are named <c>host.interface</c>.</summary>
    public IReadOnlyDictionary<string, string> Owners { get; init; } = new Dictionary<string, string>();

    /// <summary>Clocks of points that are not stamped by the reference clock; a point not listed is.</summary>
    public IReadOnlyList<PointClock> Clocks { get; init; } = [];

    /// <summary>Whether nothing is known of the clocks: captures of several files may be of several hosts. Otherwise a point not in <see cref="Clocks"/> is stamped by the reference clock.</summary>
    public bool ClocksAreUnknown { get; init; }

    /// <summary>Threads to work with, 1 or more; absent = as many as there are processors. Changes nothing in the result.</summary>
    public int? Threads { get; init; }

    /// <summary>How captures are read; changes nothing in the result but where stamps go back.</summary>
    internal ReadingRule Reading { get; init; } = ReadingRule.Usual;

    /// <summary>Start of the observation, ns since the Unix epoch; absent = the first probe packet.</summary>
    public long? StartNs { get; init; }

    /// <summary>End of the observation, ns since the Unix epoch; absent = the last captured packet.</summary>
    public long? EndNs { get; init; }
}
