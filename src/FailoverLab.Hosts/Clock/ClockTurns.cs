namespace FailoverLab.Hosts;

/// <summary>
/// Those who ask hosts near by for their time from one machine do so one after another. Asked all at once their questions and answers would wait for the same
/// processors, never as long on the way there as on the way back, and half of that difference would be taken for an offset. Safe from any thread.
/// </summary>
/// <param name="time">Timer of the patience.</param>
/// <param name="patience">Whoever has waited so long asks all the same: a host that hangs must not hold up the others. Default 50 ms.</param>
public sealed class ClockTurns(TimeProvider time, TimeSpan? patience = null)
{
    private readonly Lock _giving = new();
    private readonly Queue<TaskCompletionSource<bool>> _waiting = [];
    private bool _isTaken;

    /// <summary>Waits for the turn; to be disposed when the answers have come.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        var place = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_giving)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return new Turn(this);
            }

            _waiting.Enqueue(place);
        }

        try
        {
            await place.Task.WaitAsync(patience ?? TimeSpan.FromMilliseconds(50), time, cancellationToken);
            return new Turn(this);
        }
        catch (TimeoutException)
        {
            // Given in this very moment, it is this one's after all.
            return new Turn(place.TrySetResult(false) ? null : this);
        }
        catch (OperationCanceledException)
        {
            if (!place.TrySetResult(false))
            {
                Give();
            }

            throw;
        }
    }

    private void Give()
    {
        lock (_giving)
        {
            while (_waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult(true))
                {
                    return;
                }
            }

            _isTaken = false;
        }
    }

    private sealed class Turn(ClockTurns? turns) : IDisposable
    {
        private ClockTurns? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.Give();
    }
}
