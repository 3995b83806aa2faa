using System.Diagnostics;
using System.Net.Sockets;
using FailoverLab.Testing;

namespace FailoverLab.Benchmarks;

/// <summary>Hosts with a real sshd each, in namespaces of their own beside a private one for this program. Needs root, iproute2 and sshd.</summary>
internal sealed class SshFarm : IDisposable
{
    private const string Private = "FAILOVERLAB_BENCHMARK_PRIVATE";
    private readonly List<Process> _servers = [];
    private readonly List<string> _namespaces = [];
    private readonly List<Process> _links = [];
    private readonly string _folder;
    private readonly string _environment;

    /// <summary>Starts sshd on a number of hosts.</summary>
    /// <param name="folder">Where keys and configurations are written.</param>
    /// <param name="hosts">How many; 0 is one on loopback.</param>
    /// <param name="shell">What <c>sh</c> is there.</param>
    /// <param name="hasPerl">Whether perl can be used there.</param>
    /// <param name="environment">Variables of who logs in.</param>
    /// <param name="link">Our own program and its options, to emulate the link to each host; absent = a bare cable.</param>
    public SshFarm(string folder, int hosts, string shell, bool hasPerl = true, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? link = null)
    {
        _folder = Directory.CreateDirectory(Path.Combine(folder, Path.GetRandomFileName())).FullName;
        _environment = string.Concat((environment ?? new Dictionary<string, string>()).Select(v => $" \"{v.Key}={v.Value}\""));
        Directory.CreateDirectory("/run/sshd");
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        Do("ip", "link", "set", "lo", "up");
        Do("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Key);
        Do("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(_folder, "host"));
        File.CreateSymbolicLink(Path.Combine(_folder, "bin", "sh"), shell);
        if (!hasPerl)
        {
            File.CreateSymbolicLink(Path.Combine(_folder, "bin", "perl"), "/bin/false");
        }

        for (var host = 1; host <= hosts; host++)
        {
            var name = $"flb{Environment.ProcessId}-{host}";
            Do("ip", "netns", "add", name);
            _namespaces.Add(name);
            Cable($"h{host}", "eth0", name, link);
            Do("ip", "addr", "add", $"198.51.100.{(host * 4) + 1}/30", "dev", $"h{host}");
            Do("ip", "link", "set", $"h{host}", "up");
            Do("ip", "-n", name, "addr", "add", $"{Address(host)}/30", "dev", "eth0");
            Do("ip", "-n", name, "link", "set", "eth0", "up");
            Serve(Address(host), "ip", "netns", "exec", name);
        }

        if (hosts == 0)
        {
            Serve(Address(0));
        }

        for (var host = Math.Min(hosts, 1); host <= hosts; host++)
        {
            AwaitServer(Address(host));
        }
    }

    /// <summary>The private key that lets in.</summary>
    public string Key => Path.Combine(_folder, "id");

    /// <summary>File of known keys.</summary>
    public string KnownHosts => Path.Combine(_folder, "known_hosts");

    /// <summary>Address of a host, from 1; 0 is loopback.</summary>
    public static string Address(int host) => host == 0 ? "127.0.0.1" : $"198.51.100.{(host * 4) + 2}";

    /// <summary>Starts this program once more in a network namespace of its own; <see langword="false"/> when it is in one.</summary>
    public static bool Isolate(out int status)
    {
        status = 0;
        if (Environment.GetEnvironmentVariable(Private) is not null)
        {
            return false;
        }

        var arguments = Environment.GetCommandLineArgs();
        var start = new ProcessStartInfo("unshare", ["--net", "--", Environment.ProcessPath!, .. Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? arguments : arguments[1..]]);
        start.Environment[Private] = "1";
        using var inner = Process.Start(start)!;
        inner.WaitForExit();
        status = inner.ExitCode;
        return true;
    }

    public void Dispose()
    {
        foreach (var server in _servers.Concat(_links))
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }

        // A cable outlives its namespace for a while, and the next farm wants its name.
        for (var host = _namespaces.Count; host >= 1; host--)
        {
            Do("ip", "link", "del", $"h{host}");
            if (_links.Count > 0)
            {
                Do("ip", "link", "del", $"f{host}");
            }
        }

        _namespaces.ForEach(n => Do("ip", "netns", "del", n));
    }

    /// <summary>A cable into a namespace; with a link in its way, two and the link between their ends.</summary>
    private void Cable(string near, string far, string space, IReadOnlyList<string>? link)
    {
        if (link is null)
        {
            Do("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", space);
            return;
        }

        var (lan, wan) = ("l" + near[1..], "f" + near[1..]);
        Do("ip", "link", "add", near, "type", "veth", "peer", "name", lan);
        Do("ip", "link", "add", wan, "type", "veth", "peer", "name", far, "netns", space);
        Do("ip", "link", "set", lan, "up");
        Do("ip", "link", "set", wan, "up");
        _links.Add(Process.Start(new ProcessStartInfo(link[0], ["wan", lan, wan, .. link.Skip(1)]) { RedirectStandardOutput = true, RedirectStandardError = true })!);
    }

    private void Serve(string address, params string[] prefix)
    {
        var config = Path.Combine(_folder, $"sshd-{address}");
        File.WriteAllText(config, SshdConfig.Text($"{address}:2222", _folder, $"SetEnv PATH={_folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin{_environment}"));
        IReadOnlyList<string> command = [.. prefix, "/usr/sbin/sshd", "-D", "-E", config + ".log", "-f", config];
        _servers.Add(Process.Start(command[0], command.Skip(1)));
    }

    /// <summary>Returns once somebody listens there.</summary>
    private static void AwaitServer(string address)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var client = new TcpClient(address, 2222);
                return;
            }
            catch (SocketException) when (watch.Elapsed < TimeSpan.FromSeconds(20))
            {
                Thread.Sleep(20);
            }
        }
    }

    private static void Do(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: status {process.ExitCode}");
        }
    }
}
