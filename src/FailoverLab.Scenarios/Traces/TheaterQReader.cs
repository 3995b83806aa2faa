using System.Globalization;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>
/// Reads TheaterQ traces: rows of <c>KEEP,LATENCY,RATE,LOSS,LIMIT</c>, or of <c>KEEP,LATENCY,JITTER,RATE,LOSS,LIMIT,DUP,DUP_DELAY[,ROUTE]</c>; KEEP in
/// µs, LATENCY and JITTER in ns, RATE in bit/s, LOSS and DUP of 0 to 2^32-1, LIMIT in packets. Lines that begin with no digit are passed over, as there.
/// </summary>
/// <remarks>
/// Source: README of cs7org/TheaterQ; arXiv 2510.27057. JITTER is called a standard deviation there, but its kernel module draws evenly from LATENCY - JITTER to
/// LATENCY + JITTER (get_pkt_delay of sch_theaterq.c). What is read and not played (DUP_DELAY, ROUTE 0 beside JITTER) is a warning.
/// </remarks>
internal sealed class TheaterQReader(string file, DiagnosticBag bag)
{
    private const long MostDelayNs = 60_000_000_000;
    private const long MostKeepUs = 7L * 24 * 3_600_000_000;
    private static readonly string[] Simple = ["KEEP", "LATENCY", "RATE", "LOSS", "LIMIT"];
    private static readonly string[] Extended = ["KEEP", "LATENCY", "JITTER", "RATE", "LOSS", "LIMIT", "DUP", "DUP_DELAY", "ROUTE"];
    private readonly TraceLines _lines = new(file, bag);
    private readonly HashSet<string> _noted = new(StringComparer.Ordinal);

    public LinkTrace? Read(string text)
    {
        var rows = new List<TraceRow>();
        var (atNs, lastLine) = (0L, 1);
        foreach (var (number, line) in TraceLines.Of(text))
        {
            lastLine = number;
            if (line[0] is not ('-' or (>= '0' and <= '9')))
            {
                continue;
            }
            var cells = line.Split(',');
            var names = cells.Length == Simple.Length ? Simple : cells.Length is 8 or 9 ? Extended : null;
            if (names is null)
            {
                _lines.Fault(ScenarioCodes.TraceForm, number, 1, $"a row has 5, 8 or 9 values, but here stand {cells.Length}", string.Join(',', Simple));
            }
            else if (Row(number, cells, names, atNs) is var (row, keepUs))
            {
                rows.Add(row);
                atNs += keepUs * 1_000;
            }
            if (_lines.IsHopeless)
            {
                return null;
            }
        }
        if (!_lines.HasFaults && rows.Count == 0)
        {
            _lines.Fault(ScenarioCodes.TraceForm, lastLine, 1, "the trace has no rows");
        }
        return _lines.HasFaults ? null : new LinkTrace { Rows = rows, LengthNs = atNs };
    }

    private (TraceRow Row, long KeepUs)? Row(int line, string[] cells, string[] names, long atNs)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        var column = 1;
        for (var i = 0; i < cells.Length; i++)
        {
            if (Value(line, column, cells[i], names[i]) is { } value)
            {
                values[names[i]] = value;
            }
            column += cells[i].Length + 1;
        }
        if (values.Count < cells.Length)
        {
            return null;
        }
        if (atNs + (values["KEEP"] * 1_000) > MostKeepUs * 1_000)
        {
            _lines.Fault(ScenarioCodes.TraceForm, line, 1, "the trace is longer than a week", "cut it");
            return null;
        }
        Note(values.GetValueOrDefault("DUP") > 0 && values.GetValueOrDefault("DUP_DELAY") > 0, line, "DUP_DELAY is not played: a packet that comes twice does so at one instant", null);
        Note(values.GetValueOrDefault("JITTER") > 0 && values.GetValueOrDefault("ROUTE", 1) == 0, line, "ROUTE 0 lets packets overtake each other, this link keeps their order", "write overtake: true beside the trace");
        return (new TraceRow(
            atNs,
            TimeSpan.FromTicks(values["LATENCY"] / 100),
            values.TryGetValue("JITTER", out var jitter) ? TimeSpan.FromTicks(jitter / 100) : null,
            new Ratio(values["LOSS"] / (double)uint.MaxValue),
            values["RATE"] == 0 ? null : new DataRate(values["RATE"]),
            (int)Math.Clamp(values["LIMIT"], 1, int.MaxValue),
            values.TryGetValue("DUP", out var duplicate) ? new Ratio(duplicate / (double)uint.MaxValue) : null), values["KEEP"]);
    }

    /// <summary>Says once a file what of it is not played.</summary>
    private void Note(bool holds, int line, string words, string? cure)
    {
        if (holds && _noted.Add(words))
        {
            bag.Warning(ScenarioCodes.TraceForm, new SourcePosition(file, line, 1), words, cure);
        }
    }

    private long? Value(int line, int column, string cell, string name)
    {
        var (least, most) = name switch
        {
            "KEEP" => (1L, MostKeepUs),
            "LATENCY" or "JITTER" or "DUP_DELAY" => (0, MostDelayNs),
            "RATE" => (0, 1_000_000_000_000),
            "LIMIT" => (1, (long)uint.MaxValue),
            _ => (0, uint.MaxValue),
        };
        if (!long.TryParse(cell.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            _lines.Fault(ScenarioCodes.TraceForm, line, column, $"{name} '{TraceLines.Shorten(cell.Trim())}' is not a whole number");
            return null;
        }
        if (value >= least && value <= most)
        {
            return value;
        }
        _lines.Fault(
            name == "KEEP" ? ScenarioCodes.TraceTime : ScenarioCodes.TraceForm, line, column, $"{name} {value} is out of range: {least} to {most}",
            name == "KEEP" ? "a row that does not last makes time stand still or run backwards" : name == "LIMIT" ? "a queue without room would lose every packet in silence" : null);
        return null;
    }
}
