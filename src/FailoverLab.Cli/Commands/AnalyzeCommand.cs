using System.CommandLine;
using System.Text.Json;
using FailoverLab.Analysis;
using FailoverLab.Results;

namespace FailoverLab.Cli;

/// <summary><c>analyze CAPTURE…</c>: captures nobody planned, to flows, outages and failovers.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(CommandContext context)
    {
        var captures = new Argument<string[]>("CAPTURE") { Description = "pcap or pcapng files.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON document." };
        var command = new Command("analyze", "Find flows, outages and failovers in captures.") { captures, json };
        command.SetAction(parsed =>
        {
            var files = parsed.GetRequiredValue(captures);
            if (files.FirstOrDefault(f => !File.Exists(f)) is { } missing)
            {
                context.Error.WriteLine($"error: '{missing}' does not exist");
                return (int)ExitCode.InvalidFile;
            }

            var result = CaptureAnalyzer.Analyze([.. files.Select(f => new CaptureInput(f, f))], AnalysisContext.Empty, CancellationToken.None);
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonSerializer.Serialize(result, ResultsJson.Document.RunResult));
            }
            else
            {
                ClosingTable.Write(context.OutConsole, result, null);
            }

            return result.Captures.Count < files.Length ? (int)ExitCode.InvalidFile : (int)ExitCode.Passed;
        });
        return command;
    }
}
