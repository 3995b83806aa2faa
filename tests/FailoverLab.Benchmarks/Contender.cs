using System.Diagnostics;
using System.Globalization;

namespace FailoverLab.Benchmarks;

/// <summary>A program that is timed as a whole process.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Program">The program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Contender(string Name, string Program, params string[] Arguments)
{
    private const double TicksPerSecond = 100; // What Linux reports to programs, whatever its own clock.
    private const int SampleMs = 5;

    /// <summary>Runs it once.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public Measured Run() => Run(out _);

    /// <summary>Runs it once more and looks at its memory all the while, which takes some of the processors from it.</summary>
    /// <returns>The most anonymous memory seen, MiB.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public double SampleMemory() => Run(out _, withMemory: true).AnonymousMiB;

    /// <summary>Runs it once.</summary>
    /// <param name="output">What it printed.</param>
    /// <param name="withMemory">Whether to look at its memory.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public Measured Run(out string output, bool withMemory = false)
    {
        var start = new ProcessStartInfo(Program, Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var cpu = CpuOfChildren();
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var most = 0.0;
        while (withMemory && !process.WaitForExit(SampleMs)) most = Math.Max(most, Anonymous(process.Id));
        if (!withMemory) process.WaitForExit(Timeout.Infinite);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        process.WaitForExit();
        output = printed.Result;
        return process.ExitCode == 0 ? new Measured(seconds, CpuOfChildren() - cpu, most) : throw new InvalidOperationException($"{Name}: exit {process.ExitCode}: {errors.Result}");
    }

    /// <summary>Processor time of all children that have ended: fields 16 and 17 of proc(5)'s stat.</summary>
    private static double CpuOfChildren()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[13], CultureInfo.InvariantCulture) + double.Parse(fields[14], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double Anonymous(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim(), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0; // It ended in between.
        }
    }
}
