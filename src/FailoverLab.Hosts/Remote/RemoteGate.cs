using FailoverLab.Dataplane;

namespace FailoverLab.Hosts;

/// <summary>A program at a gate of a host over SSH: the far side opens it at the instant by its own clock, which is measured just before.</summary>
internal sealed class RemoteGate : IGatedProgram
{
    /// <summary>Exchanges with the host's clock where there is time for them, and where there is not.</summary>
    private const int Exchanges = 48;
    private const int FewExchanges = 4;
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(1);

    private readonly RemoteSession _session;
    private readonly RemoteJob _job;
    private readonly ClockEstimate _clock;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;

    private RemoteGate(RemoteSession session, RemoteJob job, ClockEstimate clock, TimeProvider time, TimeSpan timeout) =>
        (_session, _job, _clock, _time, _timeout) = (session, job, clock, time, timeout);

    /// <summary>Starts the program and tells the far side its instant.</summary>
    public static async Task<RemoteGate> BeginAsync(string host, RemoteSession session, IClock clock, TimeProvider time, ShellCommand command, long atRealtimeNs, CancellationToken cancellationToken)
    {
        var job = await session.StartAsync(RemoteKind.Gated, command.Arguments, command.Environment, default, cancellationToken);
        try
        {
            var isInHurry = atRealtimeNs - clock.RealtimeNs < Hurry.Ticks * 100;
            var estimate = await ClockProbe.MeasureAsync(session, time, cancellationToken, isInHurry ? FewExchanges : Exchanges, isInHurry ? TimeSpan.Zero : null);
            if (!estimate.IsConsistent)
            {
                throw new StepFailedException($"host '{host}': its clock contradicts itself within a second, so nothing can be timed by it; see to chrony or ntpd there");
            }

            await session.ReleaseAtAsync(job, atRealtimeNs + estimate.OffsetNs, cancellationToken);
            return new RemoteGate(session, job, estimate, time, command.Timeout);
        }
        catch
        {
            await CallOffAsync(session, job);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<GatedEnd> EndAsync()
    {
        var first = await Task.WhenAny(_job.Released, _job.Exited);
        var openedNs = first == _job.Released ? (await _job.Released).LowNs : 0;
        var timedOut = false;
        try
        {
            await _job.Exited.WaitAsync(_timeout, _time);
        }
        catch (TimeoutException)
        {
            timedOut = true;
            await _session.KillAsync(_job, "KILL");
        }

        var exit = await _job.Exited;

        // The far side tells of a release later than of an end that comes soon after it.
        openedNs = openedNs == 0 && await IsToldAsync(_job.Released) ? (await _job.Released).LowNs : openedNs;
        await IsToldAsync(_job.Closed);
        return new GatedEnd(openedNs, exit.AtNs, new ShellResult(exit.Status, Text(_job.Output), Text(_job.Error), timedOut), _clock.OffsetNs, _clock.BoundNs);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_job.Exited.IsCompleted)
        {
            await CallOffAsync(_session, _job);
        }
    }

    /// <summary>The job is not forgotten here: the far side may tell of its release after its end.</summary>
    private static async Task CallOffAsync(RemoteSession session, RemoteJob job)
    {
        try
        {
            await session.KillAsync(job, "KILL");
            await job.Exited;
        }
        catch (StepHostException)
        {
            // The host is lost; the far side ends what it holds.
        }
    }

    private async Task<bool> IsToldAsync(Task task)
    {
        try
        {
            await task.WaitAsync(TimeSpan.FromSeconds(1), _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
