using System.ComponentModel;
using System.Diagnostics;

namespace FailoverLab.Stack;

/// <summary>Runs iproute2 commands in one process: <c>ip -batch -</c>.</summary>
internal static class IpBatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs the commands in order; one that fails does not keep the others from running.</summary>
    /// <param name="commands">Commands without the leading <c>ip</c>.</param>
    /// <returns>What iproute2 complained of; empty when all went well.</returns>
    public static string Run(IEnumerable<string> commands)
    {
        var start = new ProcessStartInfo("ip", ["-force", "-batch", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Write(string.Join('\n', commands) + "\n");
            process.StandardInput.Close();
            var complaint = process.StandardError.ReadToEndAsync();
            var chatter = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return "ip did not end within 10 s";
            }

            chatter.GetAwaiter().GetResult();
            return complaint.GetAwaiter().GetResult().Trim();
        }
        catch (Win32Exception e)
        {
            return $"iproute2 cannot be run ({e.Message}): install the package 'iproute2'";
        }
    }
}
