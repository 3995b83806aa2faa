using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Decides what caused a move: the step that broke or restored something, else what the packets say.</summary>
/// <param name="context">What is known beside the captures.</param>
/// <param name="groups">All moves.</param>
internal sealed class FaultFinder(AnalysisContext context, IReadOnlyList<MoveGroup> groups)
{
    /// <summary>A path that loses so much of what it is given is faulty.</summary>
    public const double FaultyLossRatio = 0.1;

    /// <summary>Failover or reversion: a reversion goes back to a path that was the working path before, while the one it leaves is healthy.</summary>
    public FailoverKind KindOf(MoveGroup group) =>
        group.Moves.Any(m => m.WasWorkingBefore) && !IsFaulty(group) ? FailoverKind.Reversion : FailoverKind.Failover;

    /// <summary>The step that caused a move; absent when none can have.</summary>
    public FaultContext? StepOf(MoveGroup group, FailoverKind kind)
    {
        if (kind == FailoverKind.Reversion)
        {
            // A path that was left once more after it had been restored did not come back because of that.
            var cause = LastStep(isRestore: true, group.ToPath, group.ToRouter, group.AtNs);
            return groups.Any(g => g.Leaves(group.ToPath, group.ToRouter) && g.AtNs > cause?.CommandNs && g.AtNs < group.AtNs) ? null : cause;
        }

        var fault = LastStep(isRestore: false, group.FromPath, group.FromRouter, group.AtNs);
        if (fault is null) return null;

        // A fault that was over before the path became the working path again did not cause this move.
        var since = group.Moves.Min(m => m.From.EntryNs);
        return LastStep(isRestore: true, group.FromPath, group.FromRouter, since) is { } restore && restore.CommandNs > fault.CommandNs ? null : fault;
    }

    private bool IsFaulty(MoveGroup group)
    {
        if (context.Faults.Count == 0) return group.Moves.Any(IsLosing);
        var fault = LastStep(isRestore: false, group.FromPath, group.FromRouter, group.AtNs);
        var restore = LastStep(isRestore: true, group.FromPath, group.FromRouter, group.AtNs);
        return fault is not null && (restore is null || restore.CommandNs < fault.CommandNs);
    }

    private FaultContext? LastStep(bool isRestore, int path, int router, long untilNs) =>
        context.Faults
            .Where(f => f.IsRestore == isRestore && f.CommandNs <= untilNs && Concerns(f, path, router))
            .MaxBy(f => f.CommandNs);

    private bool Concerns(FaultContext fault, int path, int router) =>
        (fault.Path is null && fault.Router is null)
        || (path >= 0 && fault.Path == context.Paths[path].Name)
        || (router >= 0 && fault.Router == context.Routers[router].Name);

    /// <summary>Whether the packets sent just before the move were being lost.</summary>
    public static bool IsLosing(PathMove move) =>
        move.Recent is { Packets: > 0 } recent && recent.Lost >= Math.Max(WorkingPath.PacketsToMove, FaultyLossRatio * recent.Packets);
}
