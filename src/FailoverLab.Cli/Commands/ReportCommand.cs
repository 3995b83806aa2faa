using System.CommandLine;
using FailoverLab.Cli.Running;
using FailoverLab.Cli.Terminal;
using FailoverLab.Reports;

namespace FailoverLab.Cli.Commands;

/// <summary><c>report RUN…</c>: makes the report again from a run directory, or one of several runs merged.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext context)
    {
        var runs = new Argument<string[]>("RUN") { Description = "Run directories; one is reported again, several are merged.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Directory a merged report is kept in.", DefaultValueFactory = _ => "reports" };
        var command = new Command("report", "Make the report again from a run directory, or merge several runs.") { runs, output };
        command.SetAction(parsed =>
        {
            var directories = parsed.GetRequiredValue(runs);
            if (directories.FirstOrDefault(d => !Directory.Exists(d)) is { } missing)
            {
                context.Error.WriteLine($"error: '{missing}' is no run directory");
                return (int)ExitCode.InvalidFile;
            }

            var inputs = directories.Select(ReportInput.Load).ToList();
            return inputs.Count == 1 ? One(inputs[0], directories[0], context) : Several(inputs, directories, parsed.GetRequiredValue(output), context);
        });
        return command;
    }

    private static int One(ReportInput input, string directory, CommandContext context)
    {
        ReportWriter.Write(input, directory);
        context.Out.WriteLine(Path.Combine(directory, "report.html"));
        return (int)ExitCode.Passed;
    }

    private static int Several(List<ReportInput> inputs, string[] directories, string output, CommandContext context)
    {
        var runs = inputs.Zip(directories).Where(r => r.First.Result is not null).Select(r => (r.First.Result!, r.Second)).ToList();
        if (runs.Count == 0)
        {
            context.Error.WriteLine("error: none of the directories holds a result.json that can be read");
            return (int)ExitCode.InvalidFile;
        }

        var file = MergedRuns.Write(runs, output, runs[0].Item1.Scenario ?? "runs", context.Time);
        MergedTable.Print([.. runs.Select(r => r.Item1)], file, context.Out);
        return (int)ExitCode.Passed;
    }
}
