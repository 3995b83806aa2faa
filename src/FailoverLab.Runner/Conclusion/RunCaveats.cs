using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>What went wrong with the tool or the nodes during a run, as caveats on its figures.</summary>
internal static class RunCaveats
{
    public static IEnumerable<Caveat> Of(RunRecord record, string? journalFault)
    {
        if (record.WasInterrupted)
        {
            yield return new Caveat("interrupted", "The run was ended before its plan was done; figures cover the part until then.", []);
        }

        foreach (var capture in record.Captures.Where(c => c.Fault is not null))
        {
            yield return new Caveat("capture-ended", $"The capture at {capture.Point} ended early: {capture.Fault}", [capture.Point]);
        }

        if (journalFault is not null)
        {
            yield return new Caveat("journal-ended", $"events.ndjson ended early: {journalFault}", []);
        }

        foreach (var item in record.Events.Where(e => e.Kind == RunEventKind.NodeExit))
        {
            yield return new Caveat("node-ended", $"{item.Host ?? "A place"}: {item.Text}", item.Host is null ? [] : [item.Host]);
        }

        foreach (var item in record.Events)
        {
            if (item.Data is { } data && data.TryGetValue(RunEvent.CaveatKey, out var code))
            {
                yield return new Caveat(code, item.Text, data.TryGetValue("path", out var path) ? [path] : []);
            }
        }

        foreach (var item in record.Events.Where(e => e.Kind == RunEventKind.Fault))
        {
            yield return new Caveat("fault", item.Text, item.Host is null ? [] : [item.Host]);
        }
    }
}
