using System.CommandLine;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>wan trace IN OUT</c>: a trace in another form.</summary>
internal static class WanTraceCommand
{
    private static readonly Dictionary<string, TraceFormat> Formats = new(StringComparer.Ordinal)
    {
        ["mahimahi"] = TraceFormat.Mahimahi,
        ["theaterq"] = TraceFormat.TheaterQ,
        ["irtt"] = TraceFormat.Irtt,
    };

    public static Command Create(CommandContext context)
    {
        var from = new Argument<string>("IN") { Description = "A trace of mahimahi, TheaterQ (CSV) or IRTT (JSON); its form is known by its content." };
        var to = new Argument<string>("OUT") { Description = "Where the other form is written; - for the standard output." };
        var format = new Option<string?>("--to") { Description = "The form: mahimahi, theaterq or irtt; otherwise by OUT's ending (.csv theaterq, .json irtt, any other mahimahi)." };
        format.AcceptOnlyFromAmong([.. Formats.Keys]);
        var command = new Command("trace", "Write a trace in another form.") { from, to, format };
        command.SetAction(parsed =>
        {
            var bag = new DiagnosticBag();
            var trace = TraceFile.Read(parsed.GetRequiredValue(from), bag);
            context.ShowDiagnostics(bag.Sorted());
            if (trace is null)
            {
                return (int)ExitCode.InvalidFile;
            }

            var path = parsed.GetRequiredValue(to);
            var form = parsed.GetValue(format) is { } word ? Formats[word] : Path.GetExtension(path) switch { ".csv" => TraceFormat.TheaterQ, ".json" => TraceFormat.Irtt, _ => TraceFormat.Mahimahi };
            using var text = new StringWriter();
            if (!TraceWriter.Write(trace, form, text))
            {
                context.Error.WriteLine($"{parsed.GetRequiredValue(from)} has nothing that {form} could hold: {string.Join("; ", TraceWriter.Losses(trace, form))}");
                return (int)ExitCode.InvalidFile;
            }

            foreach (var loss in TraceWriter.Losses(trace, form))
            {
                context.Error.WriteLine($"note: {loss}");
            }

            return (int)WanFiles.Write(context, path, text.ToString());
        });
        return command;
    }
}
