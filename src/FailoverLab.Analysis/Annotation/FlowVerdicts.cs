using FailoverLab.Primitives;

namespace FailoverLab.Analysis;

/// <summary>What is to be said of single packets of one flow: that it was lost, or that an outage or a move begins or ends with it.</summary>
internal sealed class FlowVerdicts
{
    private readonly FlowResult _flow;
    private readonly Dictionary<long, string> _marks = [];

    /// <summary>Takes up a flow.</summary>
    public FlowVerdicts(FlowResult flow, IReadOnlyList<PathContext> paths)
    {
        _flow = flow;
        foreach (var outage in flow.Outages)
        {
            var length = outage is { Before: { } b, After: { } a } ? $" of {DurationText.FormatNs(Math.Max(0, a.ReceivedNs - b.ReceivedNs - flow.IntervalNs))}" : "";
            if (outage.Before is { } before) Mark(before.Row, $"last delivered before an outage{length}");
            if (outage.After is { } after) Mark(after.Row, $"first delivered after an outage{length}");
        }

        foreach (var move in flow.Sinks.Paths?.Moves ?? [])
        {
            if (move.LastOld is { } old && move.From.Path >= 0) Mark(old.Packet.Row, $"last over {paths[move.From.Path].Name}");
            if (move is { FirstNew: { } first, To.Path: >= 0 }) Mark(first.Packet.Row, $"first over {paths[move.To.Path].Name}");
        }
    }

    /// <summary>The verdict on a packet; absent where there is nothing to say.</summary>
    public string? Of(long row)
    {
        var mark = _marks.GetValueOrDefault(row);
        if (mark is null && !_flow.Sinks.Losses.Holds(row)) return null;
        return $"{_flow.Name} #{row}: {mark ?? "lost"}";
    }

    private void Mark(long row, string text) => _marks[row] = _marks.TryGetValue(row, out var there) ? $"{there}, {text}" : text;
}
