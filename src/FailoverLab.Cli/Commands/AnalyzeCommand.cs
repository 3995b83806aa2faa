using System.CommandLine;
using System.Text.Json;
using FailoverLab.Analysis;
using FailoverLab.Packets;
using FailoverLab.Results;

namespace FailoverLab.Cli;

/// <summary><c>analyze CAPTURE…</c>: captures nobody planned, to flows, outages and failovers.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(CommandContext context)
    {
        var captures = new Argument<string[]>("CAPTURE") { Description = "pcap or pcapng files, also gzipped; files of one ring set in any order.", Arity = ArgumentArity.ZeroOrMore };
        var sent = Many("--sent", "A capture at a host that sends (also in --received: flows go both ways there). Without, the packets tell where flows begin.");
        var received = Many("--received", "A capture at a host that receives.");
        var paths = Many("--path", "NAME=CAPTURE on a path; the same name twice for the path's two ends, more often for ring sets. With paths, failovers are found.");
        var threads = new Option<int?>("--threads") { Description = "Threads to use; changes nothing in the result." };
        var annotate = new Option<FileInfo?>("--annotate") { Description = "Copy the captures into this pcapng, with a comment on each packet lost or at the edge of an outage or move." };
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON document." };
        var command = new Command("analyze", "Find flows, outages and failovers in captures.") { captures, sent, received, paths, threads, annotate, json };
        command.SetAction(parsed =>
        {
            var request = new AnalyzeRequest(
                parsed.GetValue(captures) ?? [], parsed.GetValue(sent) ?? [], parsed.GetValue(received) ?? [], parsed.GetValue(paths) ?? [], parsed.GetValue(annotate)?.FullName);
            var faults = request.Faults();
            foreach (var fault in faults) context.Error.WriteLine($"error: {fault}");
            if (faults.Count > 0) return (int)(faults.Any(f => f.EndsWith("does not exist", StringComparison.Ordinal)) ? ExitCode.InvalidFile : ExitCode.Usage);

            var inputs = request.Inputs();
            var known = request.Context() with { Threads = parsed.GetValue(threads) };
            var result = parsed.GetValue(annotate) is { } copy
                ? Annotate(inputs, known, copy, context)
                : CaptureAnalyzer.Analyze(inputs, known, CancellationToken.None);
            if (result is null) return (int)ExitCode.Incomplete;
            foreach (var caveat in result.Caveats.Where(c => c.Code == "capture-unreadable")) context.Error.WriteLine($"error: {caveat.Text}");
            if (parsed.GetValue(json)) context.Out.WriteLine(JsonSerializer.Serialize(result, ResultsJson.Document.RunResult));
            else context.PrintAtOnce(console => AnalysisTable.Write(console, result));
            return (int)(result.Captures.Count < inputs.Count ? ExitCode.InvalidFile : ExitCode.Passed);
        });
        return command;
    }

    private static RunResult? Annotate(IReadOnlyList<CaptureInput> inputs, AnalysisContext known, FileInfo copy, CommandContext context)
    {
        try
        {
            using var file = new WholeFile(copy.FullName);
            RunResult result;
            using (var writer = new PcapngWriter(file.Stream, new PcapngSection { Application = "FailoverLab" }))
                result = CaptureAnalyzer.Annotate(inputs, known, writer, CancellationToken.None);
            if (result.Captures.Count > 0) file.Put();
            return result;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"error: '{copy.FullName}' cannot be written: {fault.Message}");
            return null;
        }
    }

    private static Option<string[]> Many(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
}
