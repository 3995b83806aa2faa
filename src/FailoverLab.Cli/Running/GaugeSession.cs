using System.Globalization;
using System.Text.Json;
using FailoverLab.Analysis;
using FailoverLab.EmbeddedLab;
using FailoverLab.Emulator;
using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Runner;

namespace FailoverLab.Cli;

/// <summary>One call of <c>lab gauge</c>: pre-flight, the cuts, the analysis that knows nothing of them, the comparison, one exit code.</summary>
internal sealed class GaugeSession(CommandContext context, GaugeRequest request)
{
    private readonly DateTimeOffset _startedAt = context.Time.GetUtcNow();

    public async Task<ExitCode> RunAsync()
    {
        if (LabPreflight.Check() is { Count: > 0 } faults)
        {
            Refusal.Print(faults, context.Error);
            return ExitCode.Refused;
        }

        using var interruption = new Interruption();
        string? directory = null;
        try
        {
            directory = request.Directory is { } kept
                ? Directory.CreateDirectory(kept).FullName
                : Directory.CreateTempSubdirectory("failoverlab-gauge-").FullName;
            return await RunAsync(directory, interruption.Token);
        }
        catch (StepHostException refusal)
        {
            await context.Error.WriteLineAsync($"error: {refusal.Message}");
            return ExitCode.Refused;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync($"error: {refusal.Message}; give a directory that can be written with --out");
            return ExitCode.Refused;
        }
        catch (OperationCanceledException)
        {
            await context.Error.WriteLineAsync("ended early; nothing is left running");
            return interruption.ExitCode ?? ExitCode.Interrupted;
        }
        finally
        {
            if (directory is not null && request.Directory is null)
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private async Task<ExitCode> RunAsync(string directory, CancellationToken token)
    {
        var cuts = request.Plan.Cuts;
        await context.Error.WriteLineAsync(
            $"{cuts.Count} cuts in {DurationText.Format(TimeSpan.FromSeconds(Math.Ceiling(GaugeSchedule.EndNs(cuts, request.Plan.Interval) / 1e9)))}, seed {request.Seed}");
        var (outcome, faults) = await GaugeLab.RunAsync(request.Plan, directory, context.Self, token);
        if (outcome.LostOtherwise > 0 || faults.Count > 0)
        {
            foreach (var fault in faults)
            {
                await context.Error.WriteLineAsync($"error: {fault.Host}: {fault.Text}");
            }

            await context.Error.WriteLineAsync($"error: the gauge lost {outcome.LostOtherwise} packets that it did not mean to, so the truth is not known; run it again");
            return ExitCode.Incomplete;
        }

        var result = Conclude(outcome, directory, token);
        var document = JsonSerializer.Serialize(result, ResultsJson.Document.GaugeResult);
        if (request.Directory is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "gauge.json"), document, token);
        }

        if (request.Json)
        {
            await context.Out.WriteLineAsync(document);
        }
        else
        {
            GaugeTable.Write(context.OutConsole, result);
        }

        return result.Verdict switch
        {
            Verdict.Pass => ExitCode.Passed,
            Verdict.Fail => ExitCode.Failed,
            _ => ExitCode.Inconclusive,
        };
    }

    private GaugeResult Conclude(GaugeOutcome outcome, string directory, CancellationToken token)
    {
        // Nothing of the cuts: the analysis must find them in the packets.
        var analysis = CaptureAnalyzer.Analyze(
            [.. outcome.Captures.Select(c => new CaptureInput(Path.Combine(directory, c.File), c.File, c.Point))],
            new AnalysisContext
            {
                Flows = [new FlowContext(GaugeTopology.FlowId, GaugeTopology.FlowName, null, null, GaugeTopology.SentPoint, GaugeTopology.ReceivedPoint)],
                Paths = [.. GaugeTopology.Paths.Select(p => new PathContext(p.Name, p.SitePoint, p.FarPoint))],
                Reports = [.. outcome.Captures.Select(c => new PointReport(c.Point, c.Written, c.Dropped))],
            },
            token);
        return GaugeConclusion.Conclude(analysis, [.. outcome.Cuts.Select(Truth)], outcome.Stalls, request.Plan.Interval.Ticks * TimeSpan.NanosecondsPerTick) with
        {
            StartedAt = _startedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            Seed = request.Seed,
            Environment = RunSetting.Here(),
            SenderLatenessNs = outcome.SenderLatenessNs,
            PathLatenessNs = outcome.PathLatenessNs,
        };
    }

    private static GaugeTruth Truth(GaugeCut cut, int index)
    {
        var (from, to) = (GaugeTopology.Paths[index % 2], GaugeTopology.Paths[(index + 1) % 2]);
        return new GaugeTruth(cut.CutNs, cut.GapNs, from.Name, to.Name, (to.Delay - from.Delay).Ticks * TimeSpan.NanosecondsPerTick);
    }
}
