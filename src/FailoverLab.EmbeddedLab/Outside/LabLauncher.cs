using System.Diagnostics;

namespace FailoverLab.EmbeddedLab;

/// <summary>
/// Starts the lab process as PID 1 of private user, network, mount and PID namespaces. The kernel kills it with its starter
/// and kills everything in the namespaces with it, so that nothing can be left on the machine.
/// </summary>
internal static class LabLauncher
{
    /// <summary>The hidden verb of the process inside.</summary>
    public const string InitVerb = "lab-init";

    /// <summary>Arguments of <c>unshare</c>: a user namespace only where it is needed.</summary>
    public static IReadOnlyList<string> NamespaceArguments()
    {
        string[] common = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];
        return Environment.IsPrivilegedProcess ? common : ["--user", "--map-root-user", .. common];
    }

    /// <summary>Starts the process.</summary>
    /// <param name="self">How this program is started.</param>
    /// <param name="survivesStarter">Whether the lab goes on when the starting process ends (<c>lab up</c>).</param>
    public static Process Start(SelfCommand self, bool survivesStarter)
    {
        var start = new ProcessStartInfo
        {
            FileName = survivesStarter ? "setsid" : "setpriv",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            .. survivesStarter ? Array.Empty<string>() : ["--pdeathsig", "KILL", "--"],
            "unshare", .. NamespaceArguments(), self.File, .. self.Arguments, InitVerb,
            .. survivesStarter ? ["--detached"] : Array.Empty<string>(),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The embedded lab shares the processors with the traffic it measures.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";

        // The lab ends by ending its first process: the runtime's sockets for debuggers would stay in the temporary folder.
        start.Environment.TryAdd("DOTNET_EnableDiagnostics", "0");
        return StartOnLastingThread(start);
    }

    /// <summary>
    /// The parent-death signal is tied to the thread that forked, not to the process: so a thread that lives as long as the
    /// child does the forking.
    /// </summary>
    private static Process StartOnLastingThread(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>();
        var thread = new Thread(() =>
        {
            Process process;
            try
            {
                process = Process.Start(start)!;
            }
            catch (System.ComponentModel.Win32Exception failure)
            {
                started.SetException(failure);
                return;
            }

            started.SetResult(process);
            try
            {
                process.WaitForExit();
            }
            catch (InvalidOperationException)
            {
                // Disposed by its owner, who has seen it end.
            }
        })
        {
            IsBackground = true,
            Name = "lab-parent",
        };
        thread.Start();
        return started.Task.GetAwaiter().GetResult();
    }
}
