using System.Diagnostics;

namespace FailoverLab.EmbeddedLab;

/// <summary>Looks whether the embedded lab can run on this machine, before anything is started.</summary>
public static class LabPreflight
{
    private static readonly string[] Tools = ["ip", "unshare", "setpriv"];

    /// <summary>Everything that stands in the way, each with what to do; empty when the lab can run.</summary>
    public static IReadOnlyList<string> Check()
    {
        var faults = new List<string>();
        foreach (var tool in Tools.Where(t => FindOnPath(t) is null))
        {
            faults.Add($"'{tool}' is not on the PATH; install {(tool == "ip" ? "iproute2" : "util-linux")} (Debian: apt-get install {(tool == "ip" ? "iproute2" : "util-linux")})");
        }

        if (faults.Count > 0)
        {
            return faults;
        }

        if (TryNamespaces() is { } refusal)
        {
            faults.Add(Environment.IsPrivilegedProcess
                ? $"namespaces cannot be made although this is root: {refusal}; inside a container, run it with --privileged"
                : $"not root, and user namespaces are not allowed here: {refusal}; run with sudo, or allow them: "
                    + "sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000 (Ubuntu 24: also kernel.apparmor_restrict_unprivileged_userns=0)");
        }

        if (TunRefusal() is { } why)
        {
            faults.Add(why);
        }

        return faults;
    }

    private static string? TunRefusal()
    {
        const string Device = "/dev/net/tun";
        if (!File.Exists(Device))
        {
            return $"{Device} is missing; load the driver: modprobe tun";
        }

        try
        {
            File.Open(Device, FileMode.Open, FileAccess.ReadWrite).Dispose();
            return null;
        }
        catch (Exception refusal) when (refusal is UnauthorizedAccessException or IOException)
        {
            return $"{Device} cannot be opened for reading and writing ({refusal.Message}); run with sudo, or allow it as most distributions do: chmod 0666 {Device}";
        }
    }

    private static string? TryNamespaces()
    {
        var start = new ProcessStartInfo("unshare") { RedirectStandardError = true };
        foreach (var argument in LabLauncher.NamespaceArguments())
        {
            start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add("true");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error.Trim();
    }

    private static string? FindOnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/sbin", "/sbin"])
            .Select(directory => Path.Combine(directory, tool))
            .FirstOrDefault(File.Exists);
}
