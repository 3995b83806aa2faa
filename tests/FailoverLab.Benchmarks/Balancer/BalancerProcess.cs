using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FailoverLab.Benchmarks;

/// <summary>The balancer in a process of its own, on loopback, with its state in a file.</summary>
internal sealed class BalancerProcess : IDisposable
{
    private const double TicksPerSecond = 100; // What Linux reports to programs, whatever its own clock.

    private readonly Process _process;

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folder">Where its config and state go.</param>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public BalancerProcess(string program, string folder)
    {
        using (var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            EndPoint = (IPEndPoint)free.LocalEndPoint!;
        }

        var config = Path.Combine(folder, "balancer.yaml");
        File.WriteAllText(config, $"server: {{ bind_address: 127.0.0.1, bind_port: {EndPoint.Port}, state: '{Path.Combine(folder, "state.db")}' }}\nbusiness_server: {{ ip: 198.51.100.10 }}\n");
        _process = Process.Start(new ProcessStartInfo(program, ["balancer", "--config", config]) { RedirectStandardOutput = true })!;
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains("\"ready\"", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException("the balancer did not start");
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Resident memory and its anonymous part, MiB.</summary>
    public (double Resident, double Anonymous) Memory()
    {
        var lines = File.ReadAllLines($"/proc/{_process.Id}/status");
        return (Value("VmRSS:"), Value("RssAnon:"));

        double Value(string name) => double.Parse(lines.First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim(), CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Processor time so far, seconds: fields 14 and 15 of proc(5)'s stat.</summary>
    public double CpuSeconds()
    {
        var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
