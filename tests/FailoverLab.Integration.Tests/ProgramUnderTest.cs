using System.Diagnostics;

namespace FailoverLab.Integration.Tests;

/// <summary>The built program, started as a user would start it.</summary>
internal static class ProgramUnderTest
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program's file, built beside the tests.</summary>
    public static string File { get; } = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "FailoverLab", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "FailoverLab.dll");

    /// <summary>Starts it in the repository's root.</summary>
    public static Process Start(params string[] arguments) => StartWrapped([], arguments);

    /// <summary>Starts it below another program (<c>setpriv …</c>).</summary>
    public static Process StartWrapped(string[] wrapper, params string[] arguments)
    {
        string[] line = [.. wrapper, "dotnet", File, .. arguments];
        var start = new ProcessStartInfo(line[0])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in line[1..])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    public static Task<Outcome> RunAsync(params string[] arguments) => FinishAsync(Start(arguments));

    /// <summary>Waits for its end and takes what it printed.</summary>
    public static Task<Outcome> FinishAsync(Process process) => FinishAsync(process, TimeSpan.FromMinutes(3));

    /// <summary>The same for one that may take longer.</summary>
    public static async Task<Outcome> FinishAsync(Process process, TimeSpan longest)
    {
        using var owned = process;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(longest);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"did not end within {longest.TotalMinutes:0} minutes; it printed: {await error}");
        }

        return new Outcome(process.ExitCode, await output, await error);
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !System.IO.File.Exists(Path.Combine(directory.FullName, "FailoverLab.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("FailoverLab.sln was not found above the test.");
    }

    internal sealed record Outcome(int ExitCode, string Output, string Error);
}
