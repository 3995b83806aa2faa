using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>What is odd about the order of steps; warnings, since a person may mean it.</summary>
internal static class StepOrderRules
{
    public static void Check(IReadOnlyList<StepPlan> steps, DiagnosticBag bag)
    {
        CheckLinks([.. steps.Where(s => s.Action is LinkChangeStep)], bag);
        var stackStart = steps.FirstOrDefault(s => s.Action is StackStart);
        foreach (var early in steps.Where(s => s.Action is TrafficStart && stackStart is not null && s.At < stackStart.At).DistinctBy(s => s.Position))
        {
            bag.Warning(ScenarioCodes.TrafficBeforeStack, early.Position,
                $"traffic starts at {DurationText.Format(early.At)}, before the stack it is to cross (at {DurationText.Format(stackStart!.At)})", "its first packets will be lost");
        }
        foreach (var kill in steps.Where(s => s.Action is StackKill && !steps.Any(o => o.Action is StackStart && o.Host == s.Host && o.At <= s.At)))
        {
            bag.Warning(ScenarioCodes.StopWithoutStart, kill.Position, $"nothing to kill: the program of '{kill.Host}' was not started before this step");
        }
    }

    private static void CheckLinks(IReadOnlyList<StepPlan> steps, DiagnosticBag bag)
    {
        var degraded = new Dictionary<string, StepPlan>(StringComparer.Ordinal);
        foreach (var written in steps.GroupBy(s => s.Position))
        {
            var removed = 0;
            foreach (var step in written)
            {
                var change = (LinkChangeStep)step.Action;
                if (!change.IsRestore)
                {
                    degraded[change.Link] = step;
                }
                else if (degraded.Remove(change.Link))
                {
                    removed++;
                }
            }
            if (removed == 0 && written.First() is { Action: LinkChangeStep { IsRestore: true } first } restore)
            {
                bag.Warning(ScenarioCodes.RestoreWithoutDegrade, restore.Position, $"link '{first.Link}' is restored, but nothing degraded it before");
            }
        }
        foreach (var (link, step) in degraded)
        {
            bag.Warning(ScenarioCodes.DegradeWithoutRestore, step.Position, $"link '{link}' is degraded and never restored", "the run ends with the fault in place; its return is not measured");
        }
    }
}
