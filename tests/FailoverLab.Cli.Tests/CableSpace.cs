using System.Diagnostics;
using FailoverLab.Linux;

namespace FailoverLab.Cli.Tests;

/// <summary>
/// Pairs of veth cables in a network namespace of the test's own, a link's room between each; skips the test where that is not allowed.
/// <code>
/// site ══ lan   wan ══ far        site2 ══ lan2   wan2 ══ far2
/// </code>
/// </summary>
internal sealed class CableSpace : IDisposable
{
    private readonly NetworkNamespace _space;

    /// <param name="endings">What the names of each pair end with.</param>
    public CableSpace(params string[] endings)
    {
        try
        {
            _space = NetworkNamespace.CreateAnonymous();
        }
        catch (LinuxException refused)
        {
            Assert.Ignore($"needs a network namespace: {refused.Message}");
            throw;
        }

        foreach (var (near, far) in endings.SelectMany(e => new[] { ("site" + e, "lan" + e), ("wan" + e, "far" + e) }))
        {
            Ip($"link add name {near} type veth peer name {far}");
            Ip($"link set dev {near} addrgenmode none up");
            Ip($"link set dev {far} addrgenmode none up");
        }
    }

    public static byte[] Frame(int bytes)
    {
        var frame = new byte[bytes];
        (frame[12], frame[13]) = (0x88, 0xB5);
        return frame;
    }

    public PacketSocket Open(string name) => _space.Run(() => PacketSocket.Open(name, 0x88B5));

    public T Run<T>(Func<T> function) => _space.Run(function);

    /// <summary>The namespace's thread does what comes before the first wait: sockets are opened there.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> function) => _space.Run(function);

    public string Ip(string arguments) => _space.Run(() =>
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"ip {arguments}");
        return output;
    });

    public void Dispose() => _space.Dispose();
}
