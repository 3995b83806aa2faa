using System.Diagnostics;
using FailoverLab.Linux;

namespace FailoverLab.Hosts.Tests;

/// <summary>Far sides on this machine: the same program as over SSH, run by a shell of one's choice.</summary>
internal static class FarShell
{
    public static readonly string[] All = ["dash", "bash", "busybox ash"];

    /// <summary>Opens a session over a shell of this machine; <c>sh</c> is that shell for its children as well.</summary>
    public static async Task<RemoteSession> OpenAsync(string shell, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? patience = null, TimeSpan? lease = null)
    {
        var start = new ProcessStartInfo(shell.Split(' ')[0], [.. shell.Split(' ').Skip(1), "-c", "IFS= read -r l && eval \"$l\""]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        if (RemoteProcess.Start(start) is not { } process)
        {
            Assert.Ignore($"{shell} is not installed");
            throw new InvalidOperationException();
        }

        return await RemoteSession.OpenAsync("far", process, Settings(patience, lease), CancellationToken.None);
    }

    /// <summary>Opens a session over a program that only claims to be one.</summary>
    public static Task<RemoteSession> OpenScriptAsync(string script, TimeSpan? patience = null, TimeSpan? lease = null) =>
        RemoteSession.OpenAsync("far", RemoteProcess.Start(new ProcessStartInfo("sh", ["-c", script]))!, Settings(patience, lease), CancellationToken.None);

    private static RemoteSettings Settings(TimeSpan? patience, TimeSpan? lease) =>
        new(SystemClock.Shared, TimeProvider.System, patience ?? TimeSpan.FromSeconds(15), lease ?? TimeSpan.FromSeconds(15));
}
