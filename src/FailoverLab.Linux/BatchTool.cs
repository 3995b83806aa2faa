using System.ComponentModel;
using System.Diagnostics;

namespace FailoverLab.Linux;

/// <summary>Runs a tool of the system that reads many commands from its standard input.</summary>
internal static class BatchTool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs it in the network namespace of the calling thread.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="package">Where it comes from, for the complaint when it is not there.</param>
    /// <returns>What it complained of, as one line; empty when it ended well.</returns>
    public static string Run(string program, IEnumerable<string> arguments, string input, string package)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            var complaint = process.StandardError.ReadToEndAsync();
            var chatter = process.StandardOutput.ReadToEndAsync();
            Write(process.StandardInput, input);
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return $"{program} did not end within {Patience.TotalSeconds} s";
            }

            chatter.GetAwaiter().GetResult();
            var words = complaint.GetAwaiter().GetResult().ReplaceLineEndings(" ").Trim();
            return process.ExitCode == 0 ? "" : words.Length > 0 ? words : $"{program} ended with status {process.ExitCode}";
        }
        catch (Win32Exception e)
        {
            return $"{package} cannot be run ({e.Message}): install the package '{package}'";
        }
    }

    private static void Write(StreamWriter input, string text)
    {
        try
        {
            input.Write(text);
            input.Close();
        }
        catch (IOException)
        {
            // It ended at a command that failed and reads no more; what it said on the way out tells why.
        }
    }
}
