using System.CommandLine;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>init</c>: starter files that pass <c>check</c>; never writes over anything.</summary>
internal static class InitCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Where to write; made if it is missing.", DefaultValueFactory = _ => "." };
        var command = new Command("init", "Write starter files: an inventory of a real lab, a scenario, and schemas for your editor. Nothing is written over.") { folder };
        command.SetAction(parsed => (int)Write(parsed.GetRequiredValue(folder), context));
        return command;
    }

    private static ExitCode Write(string folder, CommandContext context)
    {
        var files = StarterFiles.All;
        var there = files.Select(f => Path.Combine(folder, f.Name)).Where(p => File.Exists(p) || Directory.Exists(p)).ToList();
        if (there.Count > 0)
        {
            context.Error.WriteLine($"error: already there, and nothing is written over: {string.Join(", ", there.Select(TerminalText.Clean))}; give an empty folder");
            return ExitCode.Refused;
        }

        try
        {
            foreach (var (name, text) in files)
            {
                var path = Path.Combine(folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                using var stream = new FileStream(path, FileMode.CreateNew);
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            }
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"error: {TerminalText.Clean(refusal.Message)}; give another folder");
            return ExitCode.Refused;
        }

        foreach (var (name, _) in files)
        {
            context.Out.WriteLine(Path.Combine(folder, name));
        }

        context.Error.WriteLine("Put your own addresses into hosts.yaml, then: `failoverlab hosts check`, `failoverlab doctor`, `failoverlab plan first`.");
        return ExitCode.Passed;
    }
}
