using System.Text.Json;
using FailoverLab.Primitives;

namespace FailoverLab.Scenarios;

/// <summary>Reads the round trips of an IRTT measurement (<c>irtt client -o FILE</c>): when each probe was sent, and its time unless it was lost.</summary>
/// <remarks>Source: irtt-client(1), JSON format: <c>round_trips[].{timestamps.client.send.wall, lost, delay.rtt}</c>, ns.</remarks>
internal static class IrttReader
{
    private const long MostNs = 60_000_000_000;
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, MaxDepth = 32 };

    public static IReadOnlyList<RoundTrip>? Read(ReadOnlySpan<byte> bytes, string file, DiagnosticBag bag)
    {
        var trips = new List<RoundTrip>();
        var faults = 0;
        var reader = new Utf8JsonReader(bytes, Options);
        try
        {
            var isFound = false;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("round_trips"u8) && reader.Read() && reader.TokenType == JsonTokenType.StartArray)
                {
                    isFound = true;
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && faults < TraceFile.MostFaults)
                    {
                        var at = reader.TokenStartIndex;
                        if (Trip(ref reader, trips) is { } fault)
                        {
                            faults++;
                            bag.Error(fault.Code, PositionOf(bytes, at, file), fault.Message, fault.Hint);
                        }
                    }
                }
            }
            if (!isFound)
            {
                bag.Error(ScenarioCodes.TraceForm, new SourcePosition(file, 1, 1), "the JSON has no 'round_trips'", "write it with irtt client -o FILE");
                return null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            var at = PositionOf(bytes, Math.Min(reader.BytesConsumed, bytes.Length), file);
            bag.Error(ScenarioCodes.TraceForm, at, $"this is no JSON from here on: {e.Message.ReplaceLineEndings(" ")}");
            return null;
        }
        return faults > 0 ? null : trips;
    }

    private static (string Code, string Message, string? Hint)? Trip(ref Utf8JsonReader reader, List<RoundTrip> trips)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return (ScenarioCodes.TraceForm, "a round trip is an object", null);
        }
        var depth = reader.CurrentDepth;
        var path = new string?[8];
        long? sent = null, time = null;
        string? lost = null;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth))
        {
            var level = reader.CurrentDepth - depth - 1;
            if (reader.TokenType == JsonTokenType.PropertyName && level is >= 0 and < 8)
            {
                path[level] = reader.GetString();
                continue;
            }
            var isTime = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _);
            switch (level, path[0], path[1], path[2], path[3])
            {
                case (0, "lost", _, _, _):
                    lost = reader.TokenType switch { JsonTokenType.String => reader.GetString(), JsonTokenType.True => "true", _ => "false" };
                    break;
                case (1, "delay", "rtt", _, _) when isTime:
                    time = reader.GetInt64();
                    break;
                case (3, "timestamps", "client", "send", "wall") when isTime:
                    sent = reader.GetInt64();
                    break;
            }
        }
        if (sent is not { } sentNs)
        {
            return (ScenarioCodes.TraceForm, "the round trip has no timestamps.client.send.wall", null);
        }
        if (trips.Count > 0 && sentNs <= trips[^1].SentNs)
        {
            return (ScenarioCodes.TraceTime, $"time runs backwards: sent {trips[^1].SentNs - sentNs} ns before the round trip ahead of it, or with it", "cut the trace where the clock was set");
        }
        var isLost = lost is not (null or "false");
        if (!isLost && time is not (>= 0 and <= MostNs))
        {
            return (ScenarioCodes.TraceForm, time is null ? "the round trip is not lost, but has no delay.rtt" : $"delay.rtt {time} is out of range: 0 to {MostNs} ns", null);
        }
        trips.Add(new RoundTrip(sentNs, isLost ? null : time));
        return null;
    }

    private static SourcePosition PositionOf(ReadOnlySpan<byte> bytes, long index, string file)
    {
        var before = bytes[..(int)index];
        return new SourcePosition(file, before.Count((byte)'\n') + 1, (int)index - before.LastIndexOf((byte)'\n'));
    }
}
