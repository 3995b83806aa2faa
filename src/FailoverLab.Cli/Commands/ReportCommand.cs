using System.CommandLine;
using FailoverLab.Reports;

namespace FailoverLab.Cli;

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
            return inputs.Count == 1 ? One(inputs[0], directories[0], context) : Several(inputs, parsed.GetRequiredValue(output), context);
        });
        return command;
    }

    private static int One(ReportInput input, string directory, CommandContext context)
    {
        context.Out.WriteLine(ReportWriter.Write(input, directory));
        return (int)ExitCode.Passed;
    }

    private static int Several(List<ReportInput> inputs, string output, CommandContext context)
    {
        var runs = inputs.Where(r => r.Result is not null).ToList();
        if (runs.Count == 0)
        {
            context.Error.WriteLine("error: none of the directories holds a result.json that can be read");
            return (int)ExitCode.InvalidFile;
        }

        var file = MergedRuns.Write(runs, output, runs[0].Result!.Scenario ?? "runs", context.Time);
        MergedTable.Write(context.OutConsole, RepeatTable.Of(runs), file);
        return (int)ExitCode.Passed;
    }
}
