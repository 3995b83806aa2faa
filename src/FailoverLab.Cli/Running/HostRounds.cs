using System.Collections.Concurrent;
using System.Diagnostics;
using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>Goes round the hosts of an inventory, all at once, each by itself: a host that fails costs only its own line.</summary>
internal sealed class HostRounds(InventoryPlan inventory, CommandContext context, CancellationToken cancellationToken)
{
    /// <summary>Independent checks on this machine and on every host over ssh.</summary>
    public Task<IReadOnlyList<Finding>> ExamineAsync(string reportsFolder, Func<HostSubject, bool> isMeant) => RoundAsync(
        [.. HostSubject.Of(inventory, reportsFolder, InventoryArguments.KnownHosts(inventory)).Where(isMeant)],
        async (subject, shells) =>
        {
            if (subject.IsHere)
            {
                await using var here = new LocalShell(subject.Host.Name);
                return HostExamination.Judge(await HostExamination.AskAsync(subject, here, HostExamination.All, cancellationToken), HostExamination.All);
            }

            await using var shell = await shells.ConnectAsync(subject.Host, cancellationToken);
            return HostExamination.Judge(await HostExamination.AskAsync(subject, shell, HostExamination.All, cancellationToken), HostExamination.All);
        });

    /// <summary>How far the way to each host over ssh goes.</summary>
    public Task<IReadOnlyList<Finding>> ReachAsync() => RoundAsync(Remotes(), async (subject, shells) =>
    {
        var began = Stopwatch.GetTimestamp();
        await using var shell = await shells.ConnectAsync(subject.Host, cancellationToken);
        var login = Stopwatch.GetElapsedTime(began);
        return [ReachFindings.Reached(await HostExamination.AskAsync(subject, shell, ReachFindings.Checks, cancellationToken), shell.Facts, login)];
    });

    /// <summary>The clock of each host over ssh, measured twice for its drift.</summary>
    public async Task<(IReadOnlyList<MeasuredClock> Clocks, IReadOnlyList<Finding> Findings)> ClocksAsync(TimeSpan between, long limitNs)
    {
        var clocks = new ConcurrentDictionary<string, MeasuredClock>(StringComparer.Ordinal);
        var findings = await RoundAsync(Remotes(), async (subject, shells) =>
        {
            await using var shell = await shells.ConnectAsync(subject.Host, cancellationToken);
            var first = await ClockProbe.MeasureAsync(shell, context.Time, cancellationToken);
            ClockEstimate? second = null;
            if (between > TimeSpan.Zero)
            {
                await Task.Delay(between, context.Time, cancellationToken);
                second = await ClockProbe.MeasureAsync(shell, context.Time, cancellationToken);
            }

            var kept = HostExamination.Judge(await HostExamination.AskAsync(subject, shell, MeasuredClock.Checks, cancellationToken), MeasuredClock.Checks)[0];
            var clock = new MeasuredClock(subject.Host.Name, first, second, kept.Status is FindingStatus.Unknown ? null : kept.Evidence);
            clocks[clock.Host] = clock;
            return [clock.Judge(limitNs)];
        });
        return ([.. inventory.Hosts.Select(h => clocks.GetValueOrDefault(h.Name)).OfType<MeasuredClock>()], findings);
    }

    private List<HostSubject> Remotes() => [.. HostSubject.Of(inventory, "reports", InventoryArguments.KnownHosts(inventory)).Where(s => !s.IsHere)];

    private async Task<IReadOnlyList<Finding>> RoundAsync(IReadOnlyList<HostSubject> subjects, Func<HostSubject, SshHosts, Task<IReadOnlyList<Finding>>> visit)
    {
        await using var shells = new SshHosts(InventoryArguments.KnownHosts(inventory), SystemClock.Shared, context.Time, RemoteProgramReach.SingleFile);
        var visits = await Task.WhenAll(subjects.Select(async subject =>
        {
            try
            {
                return await visit(subject, shells);
            }
            catch (SshException failure)
            {
                return [ReachFindings.Failed(failure.Failure with { Host = subject.Host.Name })];
            }
            catch (StepHostException failure)
            {
                return [new Finding(subject.Host.Name, "connection", FindingStatus.Bad, failure.Message, "see whether the host is up, then try again")];
            }
        }));
        return [.. visits.SelectMany(v => v)];
    }
}
