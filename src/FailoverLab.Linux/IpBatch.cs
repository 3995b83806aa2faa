using System.ComponentModel;
using System.Diagnostics;

namespace FailoverLab.Linux;

/// <summary>Runs many iproute2 commands in one process: <c>ip -batch -</c>.</summary>
public static class IpBatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs the commands in order, in the network namespace of the calling thread or in one with a name.</summary>
    /// <param name="commands">Commands without the leading <c>ip</c>; none is nothing to do.</param>
    /// <param name="node">Name of a namespace below <c>/run/netns</c>; <see langword="null"/> stays in the caller's.</param>
    /// <param name="keepGoing">Whether the commands after one that failed are still run.</param>
    /// <returns>What iproute2 complained of, as one line; empty when every command was carried out.</returns>
    public static string Run(IReadOnlyCollection<string> commands, string? node = null, bool keepGoing = false)
    {
        if (commands.Count == 0)
        {
            return "";
        }

        try
        {
            using var process = Process.Start(Start(node, keepGoing))!;
            var complaint = process.StandardError.ReadToEndAsync();
            var chatter = process.StandardOutput.ReadToEndAsync();
            Write(process.StandardInput, commands);
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return $"ip did not end within {Patience.TotalSeconds} s";
            }

            chatter.GetAwaiter().GetResult();
            var words = complaint.GetAwaiter().GetResult().ReplaceLineEndings(" ").Trim();
            return process.ExitCode == 0 ? "" : words.Length > 0 ? words : $"ip ended with status {process.ExitCode}";
        }
        catch (Win32Exception e)
        {
            return $"iproute2 cannot be run ({e.Message}): install the package 'iproute2'";
        }
    }

    private static ProcessStartInfo Start(string? node, bool keepGoing)
    {
        string[] inside = node is null ? [] : ["-netns", node];
        string[] going = keepGoing ? ["-force"] : [];
        return new ProcessStartInfo("ip", [.. inside, .. going, "-batch", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
    }

    private static void Write(StreamWriter input, IReadOnlyCollection<string> commands)
    {
        try
        {
            input.Write(string.Join('\n', commands) + "\n");
            input.Close();
        }
        catch (IOException)
        {
            // It ended at a command that failed and reads no more; what it said on the way out tells why.
        }
    }
}
