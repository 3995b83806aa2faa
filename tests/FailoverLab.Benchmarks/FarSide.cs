using FailoverLab.Hosts;

namespace FailoverLab.Benchmarks;

/// <summary>A kind of far side that is measured.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Shell">What <c>sh</c> is there.</param>
/// <param name="Agent">Our own program there; absent = the shell answers.</param>
internal sealed record FarSide(string Name, string Shell, string? Agent)
{
    /// <summary>The program that is all of a small system.</summary>
    public const string Busybox = "/usr/bin/busybox";

    private const string WithoutPerl = " without perl";

    /// <summary>Whether perl can be used there.</summary>
    public bool HasPerl => !Name.EndsWith(WithoutPerl, StringComparison.Ordinal);

    /// <summary>What is measured; hosts without perl only when their name is asked for.</summary>
    /// <param name="program">Our own program.</param>
    /// <param name="only">Part of the names; all when empty.</param>
    public static IEnumerable<FarSide> All(string program, string only)
    {
        FarSide[] kinds =
        [
            new("agent", "/usr/bin/bash", program), new("bash", "/usr/bin/bash", null), new("dash", "/usr/bin/dash", null), new("busybox ash", Busybox, null),
            new("bash" + WithoutPerl, "/usr/bin/bash", null), new("dash" + WithoutPerl, "/usr/bin/dash", null), new("busybox ash" + WithoutPerl, Busybox, null),
        ];
        return kinds.Where(k => k.Name.Contains(only, StringComparison.Ordinal) && only.EndsWith(WithoutPerl, StringComparison.Ordinal) != k.HasPerl && File.Exists(k.Shell));
    }

    /// <summary>How one is reached.</summary>
    /// <param name="farm">Its farm.</param>
    /// <param name="name">Its name.</param>
    /// <param name="host">Its number there.</param>
    public SshTarget Target(SshFarm farm, string name, int host) =>
        new(name) { Address = SshFarm.Address(host), Port = 2222, User = "root", IdentityFile = farm.Key, Agent = Agent };
}
