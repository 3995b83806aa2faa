using System.Globalization;
using System.Text;
using System.Text.Json;
using FailoverLab.Emulator;
using FailoverLab.Wan;

namespace FailoverLab.Cli;

/// <summary>What a link by itself did, for people and for programs.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Pair">Of which link.</param>
/// <param name="Elapsed">How long it ran.</param>
/// <param name="Counters">What became of the packets.</param>
/// <param name="LogLinesLost">Lines of log that could not be kept.</param>
/// <param name="Failure">Why it ended by itself; <see langword="null"/> when it did not.</param>
internal sealed record WanFigures(WanRequest Request, WanPair Pair, TimeSpan Elapsed, WanCounters Counters, long LogLinesLost, string? Failure)
{
    /// <summary>How it goes, in one line.</summary>
    public static string Rates(WanCounters last, WanCounters now, double seconds)
    {
        return $"up {Rate(last.Up, now.Up)} | down {Rate(last.Down, now.Down)}{(now.LatenessP99Ns is { } p99 ? Text($" | late by {p99 / 1e3:0} us at p99") : "")}";

        string Rate(LinkCounters before, LinkCounters after) => Text(
            $"{(after.Forwarded - before.Forwarded) / seconds:0} packets/s, {(after.ForwardedBytes - before.ForwardedBytes) * 8 / 1e6 / seconds:0.0} Mbit/s, {Dropped(after)} dropped, {after.Inside} inside");
    }

    /// <summary>The closing lines.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Pair.Near} - {Pair.Far}, profile {Request.Profile}, seed {Request.Seed}, {Elapsed.TotalSeconds:0.0} s");
        foreach (var (name, counters) in ((string, LinkCounters)[])[("up", Counters.Up), ("down", Counters.Down)])
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {counters.Forwarded} forwarded, {Dropped(counters)} dropped");
            var causes = Causes(counters).Where(c => c.Count > 0).Select(c => $"{c.Name} {c.Count}").ToList();
            text.AppendLine(causes.Count > 0 ? $" ({string.Join(", ", causes)})" : "");
        }

        var faults = new[] { ("refused by the kernel", Counters.RefusedByKernel), ("longer than the MTU", Counters.Oversized), ("not read in time", Counters.Missed), ("lines of log lost", LogLinesLost) };
        foreach (var (words, count) in faults.Where(f => f.Item2 > 0))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"beyond what was asked: {count} {words}");
        }

        var stoodStillNs = Math.Max(Counters.Up.StoodStillNs, Counters.Down.StoodStillNs);
        if (stoodStillNs > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"beyond what was asked: the line stood still for {stoodStillNs / 1e6:0.0} ms because the machine did");
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Figures of all links as one JSON document; a value that is not known has no key.</summary>
    public static string ToJson(IReadOnlyList<WanFigures> links)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 1);
            if (links is [var alone])
            {
                alone.Write(json);
            }
            else
            {
                json.WriteStartArray("links");
                foreach (var link in links)
                {
                    json.WriteStartObject();
                    link.Write(json);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    /// <summary>Writes what became of a link's packets into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, WanCounters counters)
    {
        Write(json, "up", counters.Up);
        Write(json, "down", counters.Down);
        json.WriteNumber("refusedByKernel", counters.RefusedByKernel);
        json.WriteNumber("oversized", counters.Oversized);
        json.WriteNumber("missed", counters.Missed);
        if (counters.LatenessP99Ns is { } p99)
        {
            json.WriteNumber("latenessP99Ns", p99);
            json.WriteNumber("latenessMaxNs", counters.LatenessMaxNs);
        }
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteString("near", Pair.Near);
        json.WriteString("far", Pair.Far);
        json.WriteString("profile", Request.Profile);
        json.WriteNumber("seed", Request.Seed);
        json.WriteNumber("elapsedNs", Elapsed.Ticks * TimeSpan.NanosecondsPerTick);
        Write(json, Counters);
        json.WriteNumber("logLinesLost", LogLinesLost);
        if (Failure is not null)
        {
            json.WriteString("failure", Failure);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, LinkCounters counters)
    {
        json.WriteStartObject(name);
        json.WriteNumber("forwarded", counters.Forwarded);
        json.WriteNumber("forwardedBytes", counters.ForwardedBytes);
        json.WriteNumber("duplicated", counters.Duplicated);
        json.WriteNumber("corrupted", counters.Corrupted);
        json.WriteNumber("reordered", counters.Reordered);
        json.WriteNumber("inside", counters.Inside);
        json.WriteNumber("stoodStillNs", counters.StoodStillNs);
        json.WriteStartObject("dropped");
        foreach (var (cause, count) in Causes(counters))
        {
            json.WriteNumber(cause, count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static (string Name, long Count)[] Causes(LinkCounters c) =>
    [
        ("loss", c.DroppedByLoss), ("pattern", c.DroppedByPattern), ("slots", c.DroppedBySlots), ("drop", c.DroppedByDrop), ("mtu", c.DroppedByMtu),
        ("queue", c.DroppedByQueue), ("codel", c.DroppedByCoDel), ("down", c.DroppedByDown), ("capacity", c.DroppedByCapacity),
    ];

    private static long Dropped(LinkCounters counters) => Causes(counters).Sum(c => c.Count);

    private static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
