using System.Text.Json;
using FailoverLab.Results;

namespace FailoverLab.Reports;

/// <summary>Reads the text of <c>events.ndjson</c>, which may end anywhere.</summary>
internal static class EventLog
{
    /// <summary>All whole lines as events. A torn or foreign line is counted in <paramref name="problems"/> and skipped.</summary>
    public static IReadOnlyList<RunEvent> Parse(string text, List<string> problems)
    {
        var events = new List<RunEvent>();
        var unreadable = 0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.IsWhiteSpace())
            {
                continue;
            }

            if (TryParse(line) is { } read)
            {
                events.Add(read);
            }
            else if (end < 0)
            {
                problems.Add("events.ndjson ends inside a line: the run ended while it was written.");
            }
            else
            {
                unreadable++;
            }
        }

        if (unreadable > 0)
        {
            problems.Add($"{unreadable} lines of events.ndjson cannot be read and are left out.");
        }

        return events;
    }

    private static RunEvent? TryParse(ReadOnlySpan<char> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ResultsJson.Line.RunEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
