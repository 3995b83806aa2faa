using System.Globalization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Reads mahimahi traces: each line is a millisecond at which one packet of 1,500 bytes may leave; the last is the length.</summary>
/// <remarks>Source: mm-link(1).</remarks>
internal sealed class MahimahiReader(string file, DiagnosticBag bag)
{
    private const long MostMs = 7L * 24 * 3_600_000;
    private readonly TraceLines _lines = new(file, bag);

    public LinkTrace? Read(string text)
    {
        var instants = new List<long>();
        var lastLine = 1;
        foreach (var (number, line) in TraceLines.Of(text))
        {
            lastLine = number;
            var column = line.Length - line.AsSpan().TrimStart().Length + 1;
            if (!long.TryParse(line.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms))
            {
                _lines.Fault(ScenarioCodes.TraceForm, number, column, $"'{TraceLines.Shorten(line.Trim())}' is not a whole number of milliseconds", "a mahimahi trace has one in each line");
            }
            else if (ms is < 0 or > MostMs)
            {
                _lines.Fault(ScenarioCodes.TraceForm, number, column, $"{ms} ms is out of range: 0 to {MostMs} ms");
            }
            else if (instants.Count > 0 && ms * 1_000_000 < instants[^1])
            {
                _lines.Fault(ScenarioCodes.TraceTime, number, column, $"time runs backwards: {ms} ms after {instants[^1] / 1_000_000} ms", "sort the lines, or cut the trace here");
            }
            else
            {
                instants.Add(ms * 1_000_000);
            }
            if (_lines.IsHopeless)
            {
                return null;
            }
        }
        if (!_lines.HasFaults && (instants.Count == 0 || instants[^1] == 0))
        {
            _lines.Fault(ScenarioCodes.TraceForm, lastLine, 1, "the trace has no length: its last line is its length in milliseconds", "end it with a line above 0");
        }
        return _lines.HasFaults ? null : new LinkTrace { OpportunitiesNs = instants, LengthNs = instants[^1] };
    }
}
