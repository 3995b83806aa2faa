using System.Diagnostics;

namespace FailoverLab.Packets.Tests;

/// <summary>Wireshark's command lines as second opinion; a test that needs one that is not installed is skipped.</summary>
internal static class CaptureTool
{
    /// <summary>Runs a tool on a capture.</summary>
    /// <param name="name">tshark, capinfos or editcap.</param>
    /// <param name="capture">The file's bytes.</param>
    /// <param name="arguments">"{file}" stands for the file, "{out}" for one to be written.</param>
    /// <returns>Standard output, and what was written.</returns>
    public static (string Text, byte[] Written) Run(string name, byte[] capture, params string[] arguments)
    {
        var path = "/usr/bin/" + name;
        if (!File.Exists(path)) Assert.Ignore($"{path} is not installed");
        var file = Path.GetTempFileName();
        var written = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, capture);
            var start = new ProcessStartInfo(path) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in arguments)
            {
                start.ArgumentList.Add(argument.Replace("{file}", file, StringComparison.Ordinal).Replace("{out}", written, StringComparison.Ordinal));
            }

            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, errors.Result);
            return (output, File.ReadAllBytes(written));
        }
        finally
        {
            File.Delete(file);
            File.Delete(written);
        }
    }

    /// <summary>Packets in a capture as capinfos counts them.</summary>
    public static int Count(byte[] capture)
    {
        var line = Run("capinfos", capture, "-T", "-r", "-M", "-c", "{file}").Text;
        return int.Parse(line.Trim().Split('\t')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
