using System.Globalization;
using System.Text.Json;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Writes a trace in another form; what the form has no place for is left out, and said.</summary>
public static class TraceWriter
{
    private const long WindowNs = 100_000_000;
    private const long MostOpportunities = 20_000_000;

    /// <summary>What is lost when a trace is written in a form; empty where nothing is.</summary>
    public static IReadOnlyList<string> Losses(LinkTrace trace, TraceFormat format)
    {
        var isTimed = trace.OpportunitiesNs.Count > 0;
        return format switch
        {
            TraceFormat.Mahimahi when !isTimed => ["delay, jitter, loss, queue and duplicates have no place in mahimahi's form; a row without a rate gives no opportunity"],
            TraceFormat.TheaterQ when isTimed => [$"delivery opportunities become a rate for each {DurationText.FormatNs(WindowNs)}"],
            TraceFormat.Irtt when isTimed => ["delivery opportunities have no place in IRTT's form"],
            TraceFormat.Irtt => ["jitter, rate, queue and duplicates have no place in IRTT's form; a row that loses at least half is a lost round trip"],
            _ => [],
        };
    }

    /// <summary>Writes a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="format">The form.</param>
    /// <param name="writer">Takes the text; not flushed.</param>
    /// <returns>Whether there was something to write; a trace without rates has no delivery opportunities, for one.</returns>
    public static bool Write(LinkTrace trace, TraceFormat format, TextWriter writer)
    {
        switch (format)
        {
            case TraceFormat.Mahimahi:
                return Mahimahi(trace, writer);
            case TraceFormat.TheaterQ:
                TheaterQ(trace, writer);
                return true;
            default:
                return Irtt(trace, writer);
        }
    }

    private static bool Mahimahi(LinkTrace trace, TextWriter writer)
    {
        var instants = trace.OpportunitiesNs.Count > 0 ? trace.OpportunitiesNs : Opportunities(trace);
        // The last line is the length, so a trace that ends later than its last opportunity gets one there.
        var lines = instants.Select(at => (at + 500_000) / 1_000_000).ToList();
        var length = (trace.LengthNs + 500_000) / 1_000_000;
        if (lines.Count == 0 || length == 0)
        {
            return false;
        }
        foreach (var line in lines[^1] < length ? lines.Append(length) : lines)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{line}\n"));
        }
        return true;
    }

    /// <summary>Instants at which rows with a rate have let one more packet's bits through.</summary>
    private static List<long> Opportunities(LinkTrace trace)
    {
        var instants = new List<long>();
        var bits = 0.0;
        foreach (var (row, endNs) in WithEnds(trace))
        {
            if (row.Rate is not { } rate)
            {
                continue;
            }
            const double Each = LinkTrace.OpportunityBytes * 8.0;
            var at = row.AtNs + ((Each - bits) / rate.BitsPerSecond * 1e9);
            for (; at < endNs && instants.Count < MostOpportunities; at += Each / rate.BitsPerSecond * 1e9)
            {
                instants.Add((long)at);
            }
            bits = Math.Max(0, Each - ((at - endNs) / 1e9 * rate.BitsPerSecond));
        }
        return instants;
    }

    private static void TheaterQ(LinkTrace trace, TextWriter writer)
    {
        writer.Write("# KEEP us, LATENCY ns, JITTER ns, RATE bit/s, LOSS of 4294967295, LIMIT packets, DUP of 4294967295, DUP_DELAY ns, ROUTE\n");
        foreach (var (row, endNs) in WithEnds(trace.OpportunitiesNs.Count > 0 ? Rates(trace) : trace))
        {
            // Rounded instants, not rounded lengths, so that a long trace does not drift.
            var keep = Math.Max(1, Micro(endNs) - Micro(row.AtNs));
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{keep},{(row.Delay?.Ticks ?? 0) * 100},{(row.Jitter?.Ticks ?? 0) * 100},{row.Rate?.BitsPerSecond ?? 0},{Scaled(row.Loss)},{row.QueuePackets ?? 100_000},{Scaled(row.Duplicate)},0,0\n"));
        }

        static long Micro(long ns) => (ns + 500) / 1_000;
        static long Scaled(Ratio? share) => (long)Math.Round((share?.Value ?? 0) * uint.MaxValue);
    }

    private static LinkTrace Rates(LinkTrace trace)
    {
        var counts = new SortedDictionary<long, long>();
        for (long window = 0; window * WindowNs < trace.LengthNs; window++)
        {
            counts[window] = 0;
        }
        foreach (var at in trace.OpportunitiesNs)
        {
            counts[Math.Min(at, trace.LengthNs - 1) / WindowNs]++;
        }
        var rows = counts.Select(c =>
        {
            var seconds = (Math.Min((c.Key + 1) * WindowNs, trace.LengthNs) - (c.Key * WindowNs)) / 1e9;
            // No opportunity at all is no rate of 0, which would be no limit, but the loss of everything.
            return c.Value == 0
                ? new TraceRow(c.Key * WindowNs, null, null, new Ratio(1), null, null, null)
                : new TraceRow(c.Key * WindowNs, null, null, new Ratio(0), new DataRate(Math.Max(1, (long)(c.Value * LinkTrace.OpportunityBytes * 8 / seconds))), null, null);
        });
        return new LinkTrace { Rows = [.. rows], LengthNs = trace.LengthNs };
    }

    private static bool Irtt(LinkTrace trace, TextWriter writer)
    {
        if (trace.Rows.Count < 2)
        {
            return false;
        }
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("round_trips");
            foreach (var (row, number) in trace.Rows.Select((r, i) => (r, i)))
            {
                json.WriteStartObject();
                json.WriteNumber("seqno", number);
                var isLost = row.Loss is { Value: >= 0.5 };
                json.WriteString("lost", isLost ? "true" : "false");
                json.WriteStartObject("timestamps");
                json.WriteStartObject("client");
                json.WriteStartObject("send");
                json.WriteNumber("wall", row.AtNs);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
                if (!isLost)
                {
                    json.WriteStartObject("delay");
                    json.WriteNumber("rtt", (row.Delay?.Ticks ?? 0) * 200);
                    json.WriteEndObject();
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        writer.Write(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
        writer.Write('\n');
        return true;
    }

    private static IEnumerable<(TraceRow Row, long EndNs)> WithEnds(LinkTrace trace) =>
        trace.Rows.Select((row, i) => (row, i + 1 < trace.Rows.Count ? trace.Rows[i + 1].AtNs : trace.LengthNs));
}
