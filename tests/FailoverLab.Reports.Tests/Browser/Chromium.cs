using System.Diagnostics;

namespace FailoverLab.Reports.Tests;

/// <summary>A headless Chromium with an empty profile per call; tests that need it are left out where there is none.</summary>
internal static class Chromium
{
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--enable-logging=stderr", "--window-size=1280,900",
    ];

    /// <summary>The document after loading, and everything the browser's console said.</summary>
    public static async Task<(string Dom, IReadOnlyList<string> Console)> OpenAsync(string page, bool script = true)
    {
        var profile = Directory.CreateTempSubdirectory("failoverlab-chromium-").FullName;
        try
        {
            if (!script)
            {
                Directory.CreateDirectory(Path.Combine(profile, "Default"));
                await File.WriteAllTextAsync(
                    Path.Combine(profile, "Default", "Preferences"),
                    """{"profile":{"default_content_setting_values":{"javascript":2}}}""");
            }

            var start = new ProcessStartInfo(Find(), [.. Flags, $"--user-data-dir={profile}", "--dump-dom", "file://" + page])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var dom = process.StandardOutput.ReadToEndAsync();
            var log = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (await dom, [.. (await log).Split('\n').Where(l => l.Contains("CONSOLE", StringComparison.Ordinal))]);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    private static string Find()
    {
        var found = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Ignore("No Chromium here (Debian package: chromium).");
        }

        return found!;
    }
}
