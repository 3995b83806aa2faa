using FailoverLab.Dataplane;

namespace FailoverLab.Hosts;

/// <summary>A program at a gate of a host over SSH: the far side opens it at the instant by its own clock, which is measured just before.</summary>
internal sealed class RemoteGate : IGatedProgram
{
    /// <summary>Exchanges with the host's clock where there is time for them, and where there is not.</summary>
    private const int Exchanges = 48;
    private const int FewExchanges = 4;
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Dying = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(1);

    private readonly string _host;
    private readonly IClock _reference;
    private readonly long _atNs;
    private readonly RemoteSession _session;
    private readonly RemoteJob _job;
    private readonly ClockEstimate _clock;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;

    private RemoteGate(string host, IClock reference, long atNs, RemoteSession session, RemoteJob job, ClockEstimate clock, TimeProvider time, TimeSpan timeout) =>
        (_host, _reference, _atNs, _session, _job, _clock, _time, _timeout) = (host, reference, atNs, session, job, clock, time, timeout);

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
            return new RemoteGate(host, clock, atRealtimeNs, session, job, estimate, time, command.Timeout);
        }
        catch
        {
            await CallOffAsync(session, job, time);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<GatedEnd> EndAsync()
    {
        // A far side that never opens the gate must not be waited for longer than one that does.
        var wait = TimeSpan.FromTicks(Math.Max(0, _atNs - _reference.RealtimeNs) / 100) + _timeout;
        await IsInTimeAsync(Task.WhenAny(_job.Released, _job.Exited), wait);
        var openedNs = _job.Released.IsCompleted ? (await _job.Released).LowNs : 0;
        var timedOut = !await IsInTimeAsync(_job.Exited, _timeout);
        if (timedOut)
        {
            await _session.KillAsync(_job, "KILL");
            if (!await IsInTimeAsync(_job.Exited, Dying))
            {
                throw new StepHostException($"host '{_host}': what was done there at its instant did not end within {_timeout.TotalSeconds:0.###} s, and cannot be ended");
            }
        }

        var exit = await _job.Exited;

        // The far side tells of a release later than of an end that comes soon after it.
        openedNs = openedNs == 0 && await IsInTimeAsync(_job.Released, Telling) ? (await _job.Released).LowNs : openedNs;
        await IsInTimeAsync(_job.Closed, Telling);

        // The clock was measured before; the two may have parted since.
        var boundNs = new ClockCourse(_clock, null).At(exit.AtNs - _clock.OffsetNs).BoundNs;
        return new GatedEnd(openedNs, exit.AtNs, new ShellResult(exit.Status, Text(_job.Output), Text(_job.Error), timedOut), _clock.OffsetNs, boundNs);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_job.Exited.IsCompleted)
        {
            await CallOffAsync(_session, _job, _time);
        }
    }

    /// <summary>The job is not forgotten here: the far side may tell of its release after its end.</summary>
    private static async Task CallOffAsync(RemoteSession session, RemoteJob job, TimeProvider time)
    {
        try
        {
            await session.KillAsync(job, "KILL");
            await job.Exited.WaitAsync(Dying, time);
        }
        catch (Exception lost) when (lost is StepHostException or TimeoutException)
        {
            // The host is lost, or it cannot be ended; the far side ends what it holds.
        }
    }

    private async Task<bool> IsInTimeAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
