using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>What is odd about the order of steps; warnings, since a person may mean it.</summary>
internal static class StepOrderRules
{
    public static void Check(IReadOnlyList<StepPlan> steps, DiagnosticBag bag)
    {
        foreach (var link in steps.Where(s => s.Action is LinkChangeStep).GroupBy(s => ((LinkChangeStep)s.Action).Link, StringComparer.Ordinal))
        {
            CheckLink(link.Key, [.. link], bag);
        }
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

    private static void CheckLink(string link, IReadOnlyList<StepPlan> steps, DiagnosticBag bag)
    {
        StepPlan? degraded = null;
        foreach (var step in steps)
        {
            if (!((LinkChangeStep)step.Action).IsRestore)
            {
                degraded = step;
            }
            else if (degraded is null)
            {
                bag.Warning(ScenarioCodes.RestoreWithoutDegrade, step.Position, $"link '{link}' is restored, but nothing degraded it before");
            }
            else
            {
                degraded = null;
            }
        }
        if (degraded is not null)
        {
            bag.Warning(ScenarioCodes.DegradeWithoutRestore, degraded.Position, $"link '{link}' is degraded and never restored", "the run ends with the fault in place; its return is not measured");
        }
    }
}
