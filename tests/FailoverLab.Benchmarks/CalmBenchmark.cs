using System.Diagnostics;

namespace FailoverLab.Benchmarks;

/// <summary>
/// Counts switches while nothing is wrong but the machine: our endpoint and routers with a stream of probes, and three programs that burn processors at the
/// same priority as everything else of the user's. Prints a table in Markdown. Needs root and nft.
/// </summary>
/// <param name="program">Our program, published.</param>
/// <param name="length">How long each configuration is watched.</param>
/// <param name="folder">Where configurations are written.</param>
internal sealed class CalmBenchmark(string program, TimeSpan length, string folder)
{
    private const int Burners = 3;

    /// <summary>Runs everything.</summary>
    public void Run()
    {
        Console.WriteLine("| keepalive | watched | processor burners | switches |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var what in OutageCase.Calm)
        {
            Console.WriteLine($"| {what.Name} | {length.TotalSeconds:0} s | {Burners} | {CountSwitches(what)} |");
        }

        Console.WriteLine($"\n{Machine.Describe()}. Load {Machine.Load()} at the end.");
    }

    private int CountSwitches(OutageCase what)
    {
        using var network = new OutageNetwork();
        using var stack = new OutageStack(network, program, folder, what);
        var burners = Enumerable.Range(0, Burners).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"])).ToList();
        try
        {
            network.Do("endpoint", $"ping -q -i 0.01 -w {length.TotalSeconds:0} 198.51.100.10 >&2 || true");
            return stack.View.Switches - 1;
        }
        finally
        {
            burners.ForEach(b =>
            {
                b.Kill();
                b.WaitForExit();
                b.Dispose();
            });
        }
    }
}
