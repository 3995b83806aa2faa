using System.Diagnostics;
using FailoverLab.Linux;

namespace FailoverLab.Stack.Tests;

/// <summary>One machine of a test: a private network namespace, configured by iproute2.</summary>
internal sealed class Site : IDisposable
{
    private readonly string _reference;

    public Site(string name)
    {
        Name = name;
        try
        {
            Namespace = NetworkNamespace.CreateAnonymous();
        }
        catch (LinuxException refused)
        {
            Assert.Ignore($"needs network namespaces: {refused.Message}");
            throw;
        }

        _reference = Namespace.Run(() => $"/proc/{File.ResolveLinkTarget("/proc/thread-self", false)!.Name switch { var tid => $"{Environment.ProcessId}/task/{tid}" }}/ns/net");
        // Without duplicate address detection addresses work at once; without a link-local address a router solicits nobody.
        Namespace.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/accept_dad", "0"));
        Ip("link set lo up");
    }

    public string Name { get; }

    public NetworkNamespace Namespace { get; }

    /// <summary>Lays a cable between two sites; each end gets its addresses.</summary>
    public static void Cable(Site a, string portA, string[] addressesA, Site b, string portB, string[] addressesB)
    {
        a.Ip($"link add {portA} type veth peer name {portB} netns {b._reference}");
        a.Address(portA, addressesA);
        b.Address(portB, addressesB);
    }

    public void Address(string port, params string[] addresses) => Ip(
        [$"link set {port} up", .. addresses.Select(x => $"address add {x} dev {port}{(x.Contains(':') ? " nodad" : "")}")]);

    public void Forward(bool on) => Namespace.Run(() =>
    {
        File.WriteAllText("/proc/sys/net/ipv4/ip_forward", on ? "1" : "0");
        File.WriteAllText("/proc/sys/net/ipv6/conf/all/forwarding", on ? "1" : "0");
    });

    public void Ip(params string[] commands) => Namespace.Run(() =>
    {
        var start = new ProcessStartInfo("ip", ["-batch", "-"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(string.Join('\n', commands) + "\n");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{Name}: ip {string.Join("; ", commands)}: {errors}");
    });

    public void Dispose() => Namespace.Dispose();
}
