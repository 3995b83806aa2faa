using System.Diagnostics;

namespace FailoverLab.Integration.Tests;

/// <summary>
/// A cable between two namespaces of the test's own, whose plug can be pulled at one end. Skips the test where that is not allowed.
/// <code>
/// site 192.0.2.1 ══ 192.0.2.2 machine
/// </code>
/// </summary>
internal sealed class PluggedCable : IDisposable
{
    private readonly string _site = $"fl-site-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly string _machine = $"fl-vm-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";

    public PluggedCable()
    {
        if (Ip($"netns add {_site}") is { Length: > 0 } complaint)
        {
            Assert.Ignore($"no namespace can be made: {complaint}");
        }

        foreach (var arguments in (string[])
        [
            $"netns add {_machine}", $"-n {_site} link add cable type veth peer name card netns {_machine}",
            $"-n {_site} address add 192.0.2.1/30 dev cable", $"-n {_machine} address add 192.0.2.2/30 dev card",
            $"-n {_site} link set cable up", $"-n {_machine} link set card up",
        ])
        {
            Assert.That(Ip(arguments), Is.Empty, arguments);
        }
    }

    /// <summary>Pings the machine from the site; takes further options of ping.</summary>
    public string Ping => $"exec ip netns exec {_site} ping 192.0.2.2";

    /// <summary>Whether the card is plugged in.</summary>
    public bool IsIn { get; private set; } = true;

    /// <summary>Pulls the card's plug, or puts it in: the site's end loses its carrier, or gets it back.</summary>
    public void Plug(bool isIn)
    {
        Ip($"-n {_machine} link set card {(isIn ? "up" : "down")}");
        IsIn = isIn;
    }

    public void Dispose()
    {
        Ip($"netns del {_site}");
        Ip($"netns del {_machine}");
    }

    private static string Ip(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return complaint.Trim();
    }
}
