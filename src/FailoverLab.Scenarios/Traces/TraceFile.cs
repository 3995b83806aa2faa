using System.Text;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Reads trace files of every form; whatever the bytes are, the answer is a trace or faults with their places, never an exception.</summary>
public static class TraceFile
{
    /// <summary>Bytes of a trace file.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>Faults reported of one file; a file of another kind would have one in every line.</summary>
    internal const int MostFaults = 20;

    /// <summary>Reads a file from disk.</summary>
    /// <param name="path">Path as the person gave it; it names the file in diagnostics.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>The trace, or <see langword="null"/> when it has a fault; then it was reported.</returns>
    public static LinkTrace? Read(string path, DiagnosticBag bag)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[Math.Min(MaxBytes, stream.CanSeek ? stream.Length : MaxBytes) + 1];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Read(bytes.AsSpan(0, count), path, bag);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            bag.Error(YamlCodes.Unreadable, SourcePosition.WholeFile(path), $"the trace cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its name in diagnostics.</param>
    /// <param name="bag">Takes every fault.</param>
    /// <returns>The trace, or <see langword="null"/> when it has a fault; then it was reported.</returns>
    public static LinkTrace? Read(ReadOnlySpan<byte> bytes, string file, DiagnosticBag bag)
    {
        var start = new SourcePosition(file, 1, 1);
        if (bytes.Length > MaxBytes)
        {
            bag.Error(YamlCodes.TooLarge, start, $"the trace is larger than {MaxBytes >> 20} MiB", "cut it");
            return null;
        }
        switch (FormatOf(bytes))
        {
            case TraceFormat.Irtt:
                return IrttReader.Read(bytes, file, bag) is { } trips ? OfTrips(trips, start, bag) : null;
            case TraceFormat.TheaterQ:
                return new TheaterQReader(file, bag).Read(Encoding.UTF8.GetString(bytes));
            case TraceFormat.Mahimahi:
                return new MahimahiReader(file, bag).Read(Encoding.UTF8.GetString(bytes));
            default:
                bag.Error(YamlCodes.Empty, start, "the trace holds nothing");
                return null;
        }
    }

    /// <summary>The form of a file, by its first lines; <see langword="null"/> for an empty one.</summary>
    public static TraceFormat? FormatOf(ReadOnlySpan<byte> bytes)
    {
        var text = bytes[..Math.Min(bytes.Length, 4_096)].TrimStart(" \t\r\n\uFEFF"u8);
        if (text.IsEmpty)
        {
            return null;
        }
        return text[0] == '{' ? TraceFormat.Irtt : text.Contains((byte)',') ? TraceFormat.TheaterQ : TraceFormat.Mahimahi;
    }

    /// <summary>Round trips as a trace: half of each goes for one way; a lost one loses everything until the next.</summary>
    private static LinkTrace? OfTrips(IReadOnlyList<RoundTrip> trips, SourcePosition start, DiagnosticBag bag)
    {
        if (trips.Count < 2)
        {
            bag.Error(ScenarioCodes.TraceForm, start, $"{trips.Count} round trips are no trace; two at least");
            return null;
        }
        var rows = new List<TraceRow>(trips.Count);
        TimeSpan? delay = null;
        foreach (var trip in trips)
        {
            delay = trip.TimeNs is { } time ? TimeSpan.FromTicks(time / 200) : delay;
            rows.Add(new TraceRow(trip.SentNs - trips[0].SentNs, delay, TimeSpan.Zero, new Ratio(trip.TimeNs is null ? 1 : 0), null, null, null));
        }
        return new LinkTrace { Rows = rows, LengthNs = rows[^1].AtNs + Math.Max(1, rows[^1].AtNs / (rows.Count - 1)) };
    }
}
