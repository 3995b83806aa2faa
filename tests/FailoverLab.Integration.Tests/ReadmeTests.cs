using System.Diagnostics;

namespace FailoverLab.Integration.Tests;

/// <summary>README promises commands; this runs every one of them, in order, as written.</summary>
public sealed class ReadmeTests
{
    private static readonly string Reports = Path.Combine(ProgramUnderTest.Root, "reports");
    private static readonly string MyLab = Path.Combine(ProgramUnderTest.Root, "my-lab");

    [Test]
    public async Task Readme_EveryCommand_Works()
    {
        LabTier.Require();
        var before = Directory.GetDirectories(Reports).ToHashSet(StringComparer.Ordinal);
        try
        {
            foreach (var command in Commands().Where(c => c.StartsWith("dotnet run -- ", StringComparison.Ordinal)))
            {
                var line = command.Replace("dotnet run --", $"dotnet {ProgramUnderTest.File}", StringComparison.Ordinal);
                var start = new ProcessStartInfo("/bin/sh")
                {
                    WorkingDirectory = ProgramUnderTest.Root,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    ArgumentList = { "-c", line },
                };

                var outcome = await DecidedRun.MakeAsync(() => Process.Start(start)!);

                Assert.That(outcome.ExitCode, Is.Zero, command + outcome.Output + outcome.Error);
                Assert.That(outcome.Output, Is.Not.Empty, command);
            }
        }
        finally
        {
            await ProgramUnderTest.RunAsync("lab", "down");
            if (Directory.Exists(MyLab))
            {
                Directory.Delete(MyLab, recursive: true);
            }

            foreach (var run in Directory.GetDirectories(Reports).Where(d => !before.Contains(d) && Path.GetFileName(d) != "latest"))
            {
                Directory.Delete(run, recursive: true);
            }
        }
    }

    [Test]
    public void Readme_Commands_ShowTheTwoThatMatter() =>
        Assert.That(Commands(), Does.Contain("dotnet run -- scenario starlink-drop.yaml").And.Contain("./test.sh"));

    private static List<string> Commands()
    {
        var commands = new List<string>();
        var inside = false;
        foreach (var line in File.ReadLines(Path.Combine(ProgramUnderTest.Root, "README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = line == "```sh";
            }
            else if (inside && line.Trim().Length > 0)
            {
                commands.Add(line.Split('#')[0].Trim());
            }
        }

        return commands;
    }
}
