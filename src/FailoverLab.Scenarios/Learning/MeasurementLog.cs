using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads measurements people have: IRTT's JSON, and the lines of <c>ping -D -O</c> and <c>fping -D -l</c>.</summary>
public static partial class MeasurementLog
{
    private const int MostBytes = 64 << 20;

    /// <summary>Reads a log from disk.</summary>
    /// <param name="path">Path as the person gave it; it names the file in diagnostics.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>Round trips in order of their numbers, lost ones among them; <see langword="null"/> when there was a fault.</returns>
    public static IReadOnlyList<RoundTrip>? Read(string path, DiagnosticBag bag)
    {
        try
        {
            if (new FileInfo(path) is { Length: > MostBytes })
            {
                bag.Error(YamlCodes.Unreadable, SourcePosition.WholeFile(path), $"the log is longer than {MostBytes >> 20} MiB", "cut it: a profile needs some thousand round trips");
                return null;
            }
            return Read(File.ReadAllBytes(path), path, bag);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            bag.Error(YamlCodes.Unreadable, SourcePosition.WholeFile(path), $"the log cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Reads a log's bytes.</summary>
    /// <param name="bytes">The whole log.</param>
    /// <param name="file">Its name in diagnostics.</param>
    /// <param name="bag">Takes every fault.</param>
    public static IReadOnlyList<RoundTrip>? Read(ReadOnlySpan<byte> bytes, string file, DiagnosticBag bag)
    {
        if (TraceFile.FormatOf(bytes) == TraceFormat.Irtt)
        {
            return IrttReader.Read(bytes, file, bag);
        }
        var lines = new TraceLines(file, bag);
        var seen = new SortedDictionary<long, RoundTrip>();
        var (wraps, lastNumber) = (0L, -1L);
        foreach (var (number, line) in TraceLines.Of(Encoding.UTF8.GetString(bytes)))
        {
            if (Probe().Match(line) is not { Success: true } probe)
            {
                // Heads, sums and errors of hosts on the way: not probes.
                continue;
            }
            var sequence = long.Parse(probe.Groups["seq"].ValueSpan, CultureInfo.InvariantCulture);
            // ping's number has 16 bits.
            if (sequence + 32_768 < lastNumber - (wraps * 65_536))
            {
                wraps++;
            }
            sequence += wraps * 65_536;
            lastNumber = Math.Max(lastNumber, sequence);
            var atNs = (long)(Math.Min(9e9m, decimal.Parse(probe.Groups["at"].ValueSpan, CultureInfo.InvariantCulture)) * 1_000_000_000m);
            var isLost = !probe.Groups["ms"].Success;
            var timeNs = isLost ? (long?)null : (long)(double.Parse(probe.Groups["ms"].ValueSpan, CultureInfo.InvariantCulture) * 1e6);
            if (timeNs is > 60_000_000_000)
            {
                lines.Fault(ScenarioCodes.TraceForm, number, probe.Groups["ms"].Index + 1, $"a round trip of {probe.Groups["ms"].Value} ms is longer than 60 s");
            }
            else if (!seen.TryGetValue(sequence, out var known) || known.TimeNs is null)
            {
                // A reply that comes after its probe was given up counts; a second reply does not. ping stamps the reply, not the probe.
                seen[sequence] = new RoundTrip(atNs - (timeNs ?? 0), timeNs);
            }
        }
        if (seen.Count == 0 && !lines.HasFaults)
        {
            lines.Fault(ScenarioCodes.TraceForm, 1, 1, "no line of this log is a probe", "write it with ping -D -O, fping -D -l, or irtt client -o");
        }
        return lines.HasFaults ? null : WithGaps(seen);
    }

    /// <summary>Numbers nobody answered and nobody gave up are lost too.</summary>
    private static List<RoundTrip> WithGaps(SortedDictionary<long, RoundTrip> seen)
    {
        var trips = new List<RoundTrip>();
        var last = (Number: 0L, Trip: default(RoundTrip));
        foreach (var (number, trip) in seen)
        {
            // A jump of many numbers is another run in the same file, not loss.
            for (var missing = last.Number + 1; trips.Count > 0 && missing < number && number - last.Number < 10_000; missing++)
            {
                trips.Add(new RoundTrip(last.Trip.SentNs + ((trip.SentNs - last.Trip.SentNs) * (missing - last.Number) / (number - last.Number)), null));
            }
            trips.Add(trip);
            last = (number, trip);
        }
        return trips;
    }

    // [1700000000.123456] 64 bytes from 192.0.2.1: icmp_seq=7 ttl=55 time=23.4 ms     [..] no answer yet for icmp_seq=7
    // [1700000000.123456] 192.0.2.1 : [7], 64 bytes, 23.4 ms (...)                    [..] 192.0.2.1 : [7], timed out (...)
    [GeneratedRegex(@"^\[(?<at>\d{1,12}(\.\d{1,9})?)\] .*?(icmp_seq=(?<seq>\d{1,9})\b|: \[(?<seq>\d{1,9})\],)(.*?(time=(?<ms>\d{1,7}(\.\d{1,6})?) ?ms|bytes, (?<ms>\d{1,7}(\.\d{1,6})?) ms))?", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Probe();
}
