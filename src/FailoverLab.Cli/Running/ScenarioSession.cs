using System.Security.Cryptography;
using System.Text.Json;
using FailoverLab.EmbeddedLab;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Reports;
using FailoverLab.Restoration;
using FailoverLab.Results;
using FailoverLab.Runner;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>One call of <c>scenario</c>: pre-flight, one or several runs, their reports, one exit code.</summary>
internal sealed class ScenarioSession(CommandContext context, ScenarioRequest request)
{
    /// <summary>Shorter stalls are this machine's every day.</summary>
    private static readonly TimeSpan LeastStall = TimeSpan.FromMilliseconds(5);

    private readonly List<string> _runs = [];

    public async Task<ExitCode> RunAsync()
    {
        if (Preflight() is { Count: > 0 } faults)
        {
            Refusal.Print(faults, context.Error);
            return ExitCode.Refused;
        }

        using var interruption = new Interruption();
        var worst = ExitCode.Passed;
        for (var n = 1; n <= request.Repeat && !interruption.Token.IsCancellationRequested; n++)
        {
            if (request.Repeat > 1)
            {
                await context.Error.WriteLineAsync($"run {n} of {request.Repeat}");
            }

            var code = await RunOnceAsync(interruption, isLast: n == request.Repeat);
            worst = Worse(worst, code);
            if (code == ExitCode.Refused)
            {
                break;
            }
        }

        if (request.Repeat > 1 && _runs.Count > 0)
        {
            Merge();
        }

        if (request.KeepLab && DetachedLab.Find() is { } lab)
        {
            await context.Error.WriteLineAsync($"the lab stays up (process {lab.InitPid}); `lab exec NODE -- CMD` looks inside, `lab down` ends it");
        }

        return worst;
    }

    private List<string> Preflight()
    {
        var faults = new List<string>();
        if (request.Plan.Topology is not null)
        {
            faults.AddRange(LabPreflight.Check());
            if (request.KeepLab && DetachedLab.Find() is { } lab)
            {
                faults.Add($"a lab is up already (process {lab.InitPid}) and only one can be kept; end it with `lab down`");
            }
        }

        return faults;
    }

    private async Task<ExitCode> RunOnceAsync(Interruption interruption, bool isLast)
    {
        RunDirectory directory;
        try
        {
            directory = RunDirectory.Create(request.OutputRoot, request.Plan.Scenario, context.Time.GetUtcNow());
            directory.Keep(request.ScenarioFile, "scenario.yaml");
            directory.Keep(request.HostsFile, "hosts.yaml");
            await File.WriteAllTextAsync(directory.File("plan.json"), PlanJson.Write(request.Plan));
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync($"error: the run directory cannot be made below '{request.OutputRoot}': {refusal.Message}; give another with --out");
            return ExitCode.Refused;
        }

        // Ways to hosts are there until every place has ended: what is undone then may need one.
        var knownHosts = Path.GetFullPath("known_hosts", Path.GetDirectoryName(Path.GetFullPath(request.HostsFile))!);
        await using var ssh = new SshHosts(knownHosts, SystemClock.Shared, context.Time, RemoteProgramReach.SingleFile);
        var places = new List<IStepHost>();
        return await RunEnding.OfAsync(() => RunPlacesAsync(directory, ssh, places, isLast, interruption), places, context.Error);
    }

    private async Task<ExitCode> RunPlacesAsync(RunDirectory directory, SshHosts ssh, List<IStepHost> places, bool isLast, Interruption interruption)
    {
        var view = context.View();
        try
        {
            var result = await ExecuteAsync(directory, ssh, view, places, request.KeepLab && isLast, interruption);
            Report(directory, result);
            return CodeOf(result, interruption);
        }
        catch (StepHostException refusal)
        {
            view.Close();
            await context.Error.WriteLineAsync($"error: {refusal.Message}");
            return ExitCode.Refused;
        }
        catch (OperationCanceledException)
        {
            view.Close();
            await context.Error.WriteLineAsync("ended before the start; nothing is left running");
            return interruption.ExitCode ?? ExitCode.Interrupted;
        }
    }

    private async Task<RunResult> ExecuteAsync(
        RunDirectory directory, SshHosts ssh, IRunView view, List<IStepHost> places, bool keepsLab, Interruption interruption)
    {
        var clock = SystemClock.Shared;
        using var journal = new EventJournal(directory.File("events.ndjson"));
        if (request.Plan.Topology is not null)
        {
            places.Add(await LabClient.StartAsync(request.Plan, context.Self, keepsLab, interruption.Token));
        }

        var local = request.Plan.Hosts.Where(h => h.Transport == HostTransport.Local).Select(h => h.Name).ToList();
        if (local.Count > 0)
        {
            places.Add(new LocalHost(local, clock));
        }

        var holder = new RunHolder(RunName.Unique(directory.RunId), RunHolder.Me);
        var withProgram = RemoteProgramReach.Hosts(request.Plan);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        foreach (var host in request.Plan.Hosts.Where(h => h.Transport == HostTransport.Ssh))
        {
            places.Add(new RemoteHost(host.Name, stop => ssh.ConnectAsync(host, stop, withProgram.Contains(host.Name)), clock, context.Time) { Key = key, Holder = holder });
        }

        if (request.Plan.Steps.Any(request.Plan.IsOfRealLink))
        {
            var drivers = new RealLinkDrivers(
                request.Plan.Links, request.Plan.Pve, request.Plan.Seed, Path.GetFullPath(request.HostsFile), context.Self, (link, words) => context.Error.WriteLine($"link {link}: {words}"), context.Time)
            {
                Remote = new RemoteSerialLines(request.Plan.Hosts, ssh),
            };
            places.Add(RealLinks.Of(request, directory, holder.Run, drivers.Make, context.Self, clock, context.Time));
        }

        var run = new ScenarioRun(request.Plan, places, journal, new ViewObserver(view), clock, context.Time) { StartAtNs = _runs.Count == 0 ? request.StartAtNs : null };
        var record = await WatchedAsync(() => run.ExecuteAsync(directory.Path, interruption.Token));
        view.Refresh(new RunSnapshot
        {
            Scenario = request.Plan.Scenario,
            Phase = "analysing",
            Elapsed = TimeSpan.FromTicks((record.EndNs - record.StartNs) / 100),
            Duration = request.Plan.Duration,
            Paths = [],
            Flows = [],
        });
        var result = RunConclusion.Conclude(request.Plan, record, directory, journal.Fault, RunSetting.Here()) with
        {
            Restored = places.OfType<GuardedLinks>().All(p => p.Outcome is { IsRestored: true }),
        };
        view.Close();
        return result;
    }

    /// <summary>A lab that is wholly on this machine stands still with it.</summary>
    private async Task<RunRecord> WatchedAsync(Func<Task<RunRecord>> run)
    {
        if (request.Plan.Topology is null)
        {
            return await run();
        }

        using var watch = new StallWatch(SystemClock.Shared, LeastStall);
        var record = await run();
        return record with { Stalls = [.. watch.Seen().Select(s => new MachineStall(s.AtNs, s.DurationNs, s.IsUrgent))] };
    }

    private void Report(RunDirectory directory, RunResult result)
    {
        directory.ReleaseReserve();
        var document = JsonSerializer.Serialize(result, ResultsJson.Document.RunResult);
        try
        {
            File.WriteAllText(directory.File("result.json"), document);
            ReportWriter.Write(ReportInput.Load(directory.Path), directory.Path);
        }
        catch (IOException failure)
        {
            context.Error.WriteLine($"error: the report could not be written: {failure.Message}");
        }

        _runs.Add(directory.Path);
        if (request.Json && request.Repeat == 1)
        {
            context.Out.WriteLine(document);
        }
        else if (!request.Json)
        {
            ClosingTable.Write(context.OutConsole, result, Path.GetRelativePath(Environment.CurrentDirectory, directory.File("report.html")));
        }
    }

    private void Merge()
    {
        var inputs = _runs.Select(ReportInput.Load).ToList();
        var file = MergedRuns.Write(inputs, request.OutputRoot, request.Plan.Scenario, context.Time);
        if (!request.Json)
        {
            MergedTable.Write(context.OutConsole, RepeatTable.Of(inputs), Path.GetRelativePath(Environment.CurrentDirectory, file));
        }
    }

    private static ExitCode CodeOf(RunResult result, Interruption interruption) => result.Verdict switch
    {
        _ when interruption.ExitCode is { } code => code,
        Verdict.Pass => ExitCode.Passed,
        Verdict.Fail => ExitCode.Failed,
        Verdict.Inconclusive => ExitCode.Inconclusive,
        _ => ExitCode.Incomplete,
    };

    /// <summary>Of several runs the gravest outcome counts: a lab not restored, then an interrupt or refusal, then incomplete, failed, undecided.</summary>
    private static ExitCode Worse(ExitCode a, ExitCode b)
    {
        ExitCode[] order = [ExitCode.Passed, ExitCode.Inconclusive, ExitCode.Failed, ExitCode.Incomplete, ExitCode.Refused, ExitCode.Terminated, ExitCode.Interrupted, ExitCode.NotRestored];
        return Array.IndexOf(order, a) >= Array.IndexOf(order, b) ? a : b;
    }
}
