using System.Diagnostics;

namespace FailoverLab.Linux.Tests;

/// <summary>A network namespace of one test's own with a veth pair <c>a</c>—<c>b</c>; skips the test where that is not allowed.</summary>
internal sealed class PrivateNetwork : IDisposable
{
    public PrivateNetwork(params string[] commands)
    {
        try
        {
            Namespace = NetworkNamespace.CreateAnonymous();
        }
        catch (LinuxException refused)
        {
            Assert.Ignore($"needs a network namespace: {refused.Message}");
            throw;
        }

        foreach (var command in (string[])["link set lo up", .. commands])
        {
            Ip(command);
        }
    }

    public NetworkNamespace Namespace { get; }

    public static PrivateNetwork WithVeth(params string[] commands) =>
        new([
            "link add name a address 02:00:00:00:00:0a type veth peer name b address 02:00:00:00:00:0b",
            "link set dev a addrgenmode none",
            "link set dev b addrgenmode none",
            "link set dev a up",
            "link set dev b up",
            .. commands]);

    public void Ip(string arguments) => Namespace.Run(() =>
    {
        var start = new ProcessStartInfo("ip", arguments) { RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("no process");
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"ip {arguments}: {errors}");
    });

    public void Dispose() => Namespace.Dispose();
}
