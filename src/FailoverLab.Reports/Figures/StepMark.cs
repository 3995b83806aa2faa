using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>A step as the timeline marks it.</summary>
/// <param name="AtNs">When it took effect, as near as known.</param>
/// <param name="Label">What to write beside the mark.</param>
/// <param name="Title">The same in full.</param>
/// <param name="IsFault">Whether a failover names it as its cause.</param>
internal sealed record StepMark(long AtNs, string Label, string Title, bool IsFault)
{
    private const int LongestLabel = 30;

    /// <summary>The marks of a run in order of time; steps that start together share one.</summary>
    /// <param name="input">The run.</param>
    /// <param name="togetherNs">Steps closer than this are one mark.</param>
    public static IReadOnlyList<StepMark> Of(ReportInput input, long togetherNs)
    {
        var faults = (input.Result?.Failovers ?? []).Select(f => f.Fault.Step).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var marks = input.Events
            .Where(e => e.Kind == RunEventKind.Step && e.Step is not null && (e.StartedNs ?? e.AcknowledgedNs) is not null)
            .GroupBy(e => e.Step!)
            .Select(g => g.First())
            .Select(e => Single(e.StartedNs ?? e.AtNs, e.Step!, e.Text, faults.Contains(e.Step!)))
            .ToList();
        if (marks.Count == 0 && input.Result?.StartSkewNs is { } skew)
        {
            marks = [.. skew.PerHost.Select(s => Single(s.ActualNs, s.Step, s.Step, faults.Contains(s.Step)))];
        }

        return Merge([.. marks.OrderBy(m => m.AtNs)], togetherNs);
    }

    private static StepMark Single(long atNs, string step, string text, bool isFault)
    {
        var label = text.Length is > 0 and <= LongestLabel ? text : step.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimStart('-');
        return new StepMark(atNs, Short(label), text.Length > 0 ? $"{step}: {text}" : step, isFault);
    }

    private static string Short(string label) => label.Length <= LongestLabel ? label : label[..(LongestLabel - 1)] + "…";

    private static List<StepMark> Merge(List<StepMark> marks, long togetherNs)
    {
        var merged = new List<StepMark>();
        foreach (var mark in marks)
        {
            if (merged.Count > 0 && mark.AtNs - merged[^1].AtNs < togetherNs && !mark.IsFault && !merged[^1].IsFault)
            {
                var more = merged[^1].Title.Count(c => c == '\n') + 1;
                var first = merged[^1].Label.Split(" +", 2)[0];
                merged[^1] = merged[^1] with { Label = $"{first} +{more}", Title = merged[^1].Title + "\n" + mark.Title };
                continue;
            }

            merged.Add(mark);
        }

        return merged;
    }
}
