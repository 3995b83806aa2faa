using FailoverLab.State;

namespace FailoverLab.Services;

/// <summary>
/// Writes what changed behind the requests, twice a second and once at the end: a request never waits for the disk, and a crash loses what came
/// within the last second. A file that cannot be written is told once and tried again; serving goes on from memory meanwhile.
/// </summary>
internal sealed class StateWriter : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    private readonly Action _save;
    private readonly IDisposable _file;
    private readonly ServiceLog _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;
    private bool _isFaulty;
    private long _faults;
    private long _saves;

    /// <summary>Begins to write.</summary>
    /// <param name="file">The file; disposed at the end.</param>
    /// <param name="save">Writes what changed; keeps it for the next time when it throws <see cref="StateFileException"/>.</param>
    /// <param name="log">Takes <c>state-fault</c> and <c>state-recovered</c>.</param>
    /// <param name="time">Clock.</param>
    public StateWriter(IDisposable file, Action save, ServiceLog log, TimeProvider time)
    {
        (_file, _save, _log, _time) = (file, save, log, time);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Writes the figures.</summary>
    public void Measure(MetricsText text)
    {
        text.Single("failoverlab_state_writes_total", "counter", "Times the state file was brought up to date.", Interlocked.Read(ref _saves));
        text.Single("failoverlab_state_faults_total", "counter", "Times it could not be written.", Interlocked.Read(ref _faults));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        await SaveAsync();
        _file.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_isFaulty ? AfterFault : Interval, _time, _end.Token);
                await SaveAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The service ends; the last writing follows.
        }
    }

    private async Task SaveAsync()
    {
        try
        {
            _save();
            Interlocked.Increment(ref _saves);
            if (_isFaulty)
            {
                _isFaulty = false;
                await _log.WriteAsync("state-recovered");
            }
        }
        catch (StateFileException e)
        {
            Interlocked.Increment(ref _faults);
            if (!_isFaulty)
            {
                _isFaulty = true;
                await _log.WriteAsync("state-fault", e.Message);
            }
        }
    }
}
