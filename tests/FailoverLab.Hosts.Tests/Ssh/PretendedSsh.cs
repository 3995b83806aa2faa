using FailoverLab.Linux;

namespace FailoverLab.Hosts.Tests;

/// <summary>A program in place of the OpenSSH client that is the far side itself, and not a good one.</summary>
internal static class PretendedSsh
{
    /// <summary>A lab whose client it is.</summary>
    /// <param name="folder">Where it is put.</param>
    /// <param name="script">Text of the shell, run for every connection.</param>
    /// <param name="time">Timers.</param>
    public static SshLab Lab(string folder, string script, TimeProvider time)
    {
        var program = Path.Combine(folder, "ssh");
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return SshLab.Open(Path.Combine(folder, "known_hosts"), "none", SystemClock.Shared, time, program, TimeSpan.FromSeconds(60));
    }
}
