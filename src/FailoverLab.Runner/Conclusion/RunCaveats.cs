using System.Globalization;
using FailoverLab.Results;

namespace FailoverLab.Runner;

/// <summary>What went wrong with the tool or the nodes during a run, as caveats on its figures.</summary>
internal static class RunCaveats
{
    /// <summary>Everything to be said about the run.</summary>
    /// <param name="record">What the run left.</param>
    /// <param name="journalFault">Why <c>events.ndjson</c> ended early, or <see langword="null"/>.</param>
    /// <param name="captures">What its captures hold.</param>
    public static IEnumerable<Caveat> Of(RunRecord record, string? journalFault, IReadOnlyList<CaptureSummary> captures)
    {
        if (record.WasInterrupted)
        {
            yield return new Caveat("interrupted", "The run was ended before its plan was done; figures cover the part until then.", []);
        }

        foreach (var capture in record.Captures.Where(c => c.Fault is not null))
        {
            yield return new Caveat("capture-ended", $"The capture at {capture.Point} ended early: {capture.Fault}", [capture.Point]);
        }

        foreach (var capture in record.Captures.Where(c => c.HasWrapped))
        {
            var held = captures.FirstOrDefault(c => c.Point == capture.Point);
            var missing = held?.FirstNs is { } firstNs
                ? string.Create(CultureInfo.InvariantCulture, $"everything before T+{(firstNs - record.StartNs) / 1e9:0.000} s is missing, {capture.Written - held.Packets} of {capture.Written} packets")
                : "nothing is known of what is missing";
            yield return new Caveat("capture-wrapped", $"{capture.Point}: its files on the host were full and the oldest gave way: {missing}. Narrow 'snap', capture fewer points, or make room there.", [capture.Point]);
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
