using System.ComponentModel;
using System.Diagnostics;

namespace FailoverLab.EmbeddedLab;

/// <summary>Runs many iproute2 commands in one process.</summary>
internal static class IpBatch
{
    /// <summary>Runs the lines in the namespace of <paramref name="node"/>, or in this process's own.</summary>
    /// <exception cref="LabException">iproute2 refused a line; its words are in the message.</exception>
    public static void Run(string? node, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        var start = new ProcessStartInfo("ip") { RedirectStandardInput = true, RedirectStandardError = true };
        if (node is not null)
        {
            start.ArgumentList.Add("-netns");
            start.ArgumentList.Add(node);
        }

        start.ArgumentList.Add("-batch");
        start.ArgumentList.Add("-");
        try
        {
            using var process = Process.Start(start)!;
            foreach (var line in lines)
            {
                process.StandardInput.WriteLine(line);
            }

            process.StandardInput.Close();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new LabException($"iproute2 in {node ?? "the lab"}: {error.ReplaceLineEndings(" ").Trim()}");
            }
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            throw new LabException($"iproute2 could not be run: {failure.Message}", failure);
        }
    }
}
