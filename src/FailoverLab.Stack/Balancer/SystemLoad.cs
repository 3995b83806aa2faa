using System.Globalization;

namespace FailoverLab.Stack;

/// <summary>Load of the machine from /proc (proc(5)); a figure that cannot be read counts as 0.</summary>
/// <param name="root">Where /proc is.</param>
internal sealed class SystemLoad(string root = "/proc")
{
    private long _lastBusy;
    private long _lastTotal;

    /// <summary>Share of time the cores were busy since the last call, 0..100.</summary>
    public double CpuPercent()
    {
        try
        {
            using var reader = File.OpenText(Path.Combine(root, "stat"));
            var times = (reader.ReadLine() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(long.Parse).ToArray();
            if (times.Length < 5)
            {
                return 0;
            }

            var total = times.Sum();
            var busy = total - times[3] - times[4];
            var percent = total > _lastTotal ? 100.0 * (busy - _lastBusy) / (total - _lastTotal) : 0;
            (_lastBusy, _lastTotal) = (busy, total);
            return Math.Clamp(percent, 0, 100);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }

    /// <summary>Share of memory not available, 0..100.</summary>
    public double MemoryPercent()
    {
        try
        {
            var lines = File.ReadLines(Path.Combine(root, "meminfo")).Take(8).ToArray();
            var (total, available) = (Value(lines, "MemTotal:"), Value(lines, "MemAvailable:"));
            return total > 0 ? Math.Clamp(100 * (1 - (available / total)), 0, 100) : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }

    /// <summary>
    /// Bytes that left by an interface since it was made; <see langword="null"/> when it is not there. From net/dev, which shows the process's own network namespace;
    /// /sys may have been mounted in another.
    /// </summary>
    public long? SentBytes(string device)
    {
        const int SentAt = 8;
        try
        {
            var line = File.ReadLines(Path.Combine(root, "net", "dev")).FirstOrDefault(l => l.TrimStart().StartsWith(device + ":", StringComparison.Ordinal));
            var fields = line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields?.Length > SentAt && long.TryParse(fields[SentAt], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double Value(string[] lines, string name)
    {
        var line = Array.Find(lines, l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
