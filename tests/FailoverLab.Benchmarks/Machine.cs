using System.Globalization;
using System.Runtime.InteropServices;

namespace FailoverLab.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>The repository this was built in: our program finds the lab's topology from there.</summary>
    public static string RepositoryRoot
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "FailoverLab.sln")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("FailoverLab.sln was not found above this program");
            }

            return folder;
        }
    }

    /// <summary>Processor, cores, kernel and runtime, in one line.</summary>
    public static string Describe()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        return $"{model}, {Environment.ProcessorCount} cores, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>Tasks that wanted a core, over the last 1, 5 and 15 minutes.</summary>
    public static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);

    /// <summary>Processor time all programs of the machine have taken since it was started, ns; steps of 10 ms.</summary>
    public static long BusyNs() => Spent(0, 1, 2, 5, 6);

    /// <summary>Processor time its host gave to others instead of this machine since it was started, ns; steps of 10 ms. 0 where the host does not tell.</summary>
    public static long StolenNs() => Spent(7);

    private static long Spent(params int[] kinds)
    {
        // cpu user nice system idle iowait irq softirq steal …, hundredths of a second
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToList();
        return kinds.Sum(k => fields[k]) * 10_000_000;
    }
}
