using System.Diagnostics;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

/// <summary>
/// A lab that outlives the command that started it (<c>lab up</c>). It is found by its process, not by a file, so that a
/// killed lab leaves nothing behind to be cleaned up.
/// </summary>
public sealed class DetachedLab
{
    private DetachedLab(int launcherPid, int initPid)
    {
        LauncherPid = launcherPid;
        InitPid = initPid;
    }

    /// <summary>Process whose end takes the lab down.</summary>
    public int LauncherPid { get; }

    /// <summary>The lab process, as this machine numbers it.</summary>
    public int InitPid { get; }

    /// <summary>Finds the caller's running lab.</summary>
    public static DetachedLab? Find()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var pid)
                && CommandLine(pid) is ["unshare", .., LabLauncher.InitVerb, "--detached"]
                && Child(pid) is { } child)
            {
                return new DetachedLab(pid, child);
            }
        }

        return null;
    }

    /// <summary>Starts a lab and leaves it running.</summary>
    /// <param name="plan">A plan with a topology; its steps are not performed.</param>
    /// <param name="self">How this program is started.</param>
    /// <exception cref="StepHostException">It could not be built.</exception>
    public static DetachedLab Start(RunPlan plan, SelfCommand self)
    {
        using var process = LabLauncher.Start(self, survivesStarter: true);
        process.StandardInput.WriteLine(LabWire.Write(new LabRequest { Kind = LabRequestKind.Up, Plan = PlanJson.Write(plan) }));
        process.StandardInput.Flush();
        var line = process.StandardOutput.ReadLine();
        var failure = line is null ? process.StandardError.ReadToEnd() : LabWire.ReadReply(line).Failure;
        if (failure is not null)
        {
            process.Kill(entireProcessTree: true);
            throw new StepHostException($"the lab could not come up: {failure.Trim()}");
        }

        return Find() ?? throw new StepHostException("the lab came up and ended at once");
    }

    /// <summary>Takes it down; returns when its processes are gone.</summary>
    public void Stop()
    {
        ProcessControl.Kill(LauncherPid, ProcessControl.KillSignal);
        // Not our child, so there is nothing to wait on but its entry; a zombie has ended and only waits for its new parent.
        var clock = SystemClock.Shared;
        while (IsAlive(InitPid))
        {
            clock.WaitUntil(clock.MonotonicNs + 2_000_000);
        }
    }

    /// <summary>Names of its nodes.</summary>
    public IReadOnlyList<string> Nodes()
    {
        // /run of the lab's own mount namespace, seen through its process.
        var directory = $"/proc/{InitPid}/root/run/netns";
        return Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>How a command is started inside a node, with this terminal as its own.</summary>
    public ProcessStartInfo Exec(string node, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo("nsenter");
        string[] user = Environment.IsPrivilegedProcess ? [] : ["--user", "--preserve-credentials"];
        foreach (var argument in (string[])[$"--target={InitPid}", .. user, "--mount", "--net", "--pid", "ip", "netns", "exec", node, .. command])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static string[] CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("State:", StringComparison.Ordinal)) is { } state
                && !state.Contains('Z', StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int? Child(int pid)
    {
        try
        {
            return int.TryParse(File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ')[0], out var child) ? child : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
