using System.Globalization;

namespace FailoverLab.Stack;

/// <summary>Load of the machine from /proc (proc(5)); a figure that cannot be read counts as 0.</summary>
internal sealed class SystemLoad
{
    private long _lastBusy;
    private long _lastTotal;

    /// <summary>Share of time the cores were busy since the last call, 0..100.</summary>
    public double CpuPercent()
    {
        try
        {
            using var reader = File.OpenText("/proc/stat");
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
    public static double MemoryPercent()
    {
        try
        {
            var lines = File.ReadLines("/proc/meminfo").Take(8).ToArray();
            var (total, available) = (Value(lines, "MemTotal:"), Value(lines, "MemAvailable:"));
            return total > 0 ? Math.Clamp(100 * (1 - (available / total)), 0, 100) : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }

    private static double Value(string[] lines, string name)
    {
        var line = Array.Find(lines, l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
