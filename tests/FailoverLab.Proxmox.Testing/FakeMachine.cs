using System.Security.Cryptography;
using System.Text;

namespace FailoverLab.Proxmox.Testing;

/// <summary>A machine of the fake host.</summary>
/// <param name="vmid">Its number.</param>
/// <param name="name">Its name.</param>
public sealed class FakeMachine(int vmid, string name)
{
    /// <summary>Its number.</summary>
    public int Vmid => vmid;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Whether it runs.</summary>
    public bool IsRunning { get; set; } = true;

    /// <summary>How often it was started, to tell a reset.</summary>
    public int Starts { get; set; } = 1;

    /// <summary>What locks it; empty when nothing does.</summary>
    public string Lock { get; set; } = "";

    /// <summary>Its configuration without its digest.</summary>
    public SortedDictionary<string, string> Config { get; } = new(StringComparer.Ordinal)
    {
        ["boot"] = "order=scsi0",
        ["cores"] = "1",
        ["memory"] = "1024",
        ["name"] = name,
        ["agent"] = "1",
        ["serial0"] = "socket",
    };

    /// <summary>Its snapshots: name, and the configuration in it.</summary>
    public Dictionary<string, SortedDictionary<string, string>> Snapshots { get; } = new(StringComparer.Ordinal);

    /// <summary>The guest's agent: arguments and input to status, output and error; <see langword="null"/> when it does not run.</summary>
    public Func<IReadOnlyList<string>, string, (int Status, byte[] Output, byte[] Error)>? Agent { get; set; }

    /// <summary>What the guest answers to a line typed on its serial port.</summary>
    public Func<string, string> Serial { get; set; } = line => $"you typed {line}\r\n";

    /// <summary>Whether a write of a card is accepted and then not done, as with a card that cannot be plugged while it runs.</summary>
    public bool KeepsNets { get; set; }

    /// <summary>Digest of the configuration now.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Config))))[..40];
}
