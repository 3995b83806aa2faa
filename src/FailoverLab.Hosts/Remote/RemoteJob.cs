namespace FailoverLab.Hosts;

/// <summary>One program on the far side.</summary>
/// <param name="id">Its number on the channel.</param>
internal sealed class RemoteJob(long id)
{
    /// <summary>Bytes the far side keeps of each stream; one who sends more does not keep to the protocol.</summary>
    private const int MaxKept = (1 << 20) + 4096;

    private readonly TaskCompletionSource<long> _armed = Source<long>();
    private readonly TaskCompletionSource<RemoteStart> _released = Source<RemoteStart>();
    private readonly TaskCompletionSource<RemoteExit> _exited = Source<RemoteExit>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<byte> _output = [];
    private readonly List<byte> _error = [];

    public long Id { get; } = id;

    /// <summary>Its process is there; the process number.</summary>
    public Task<long> Armed => _armed.Task;

    /// <summary>It was released.</summary>
    public Task<RemoteStart> Released => _released.Task;

    /// <summary>Its own process has ended; children may go on.</summary>
    public Task<RemoteExit> Exited => _exited.Task;

    /// <summary>Nobody holds its streams any more, and what they took is here.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Standard output; complete once <see cref="Closed"/>.</summary>
    public byte[] Output => [.. _output];

    /// <summary>Standard error, likewise.</summary>
    public byte[] Error => [.. _error];

    /// <summary>Takes what the far side says of it.</summary>
    /// <returns>Whether that can be true.</returns>
    public bool Take(in RemoteFrame frame)
    {
        switch (frame.Verb)
        {
            case 'A':
                return _armed.TrySetResult(frame.A);
            case 'S':
                return frame.A <= frame.B && _released.TrySetResult(new RemoteStart(frame.A, frame.B));
            case 'X':
                return frame.A <= 255 && _exited.TrySetResult(new RemoteExit((int)frame.A, frame.B));
            case 'O':
                var stream = frame.A == 1 ? _output : _error;
                stream.AddRange(frame.Payload);
                return stream.Count <= MaxKept && !_closed.Task.IsCompleted;
            case 'Z':
                return _exited.Task.IsCompleted && _closed.TrySetResult();
            default:
                return frame.Verb == 'K';
        }
    }

    /// <summary>The host is lost.</summary>
    public void Fail(Exception reason)
    {
        foreach (var task in (Task[])[_armed.Task, _released.Task, _exited.Task, _closed.Task])
        {
            // Whoever does not wait for one of them must not be told of it by the finalizer.
            _ = task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        _armed.TrySetException(reason);
        _released.TrySetException(reason);
        _exited.TrySetException(reason);
        _closed.TrySetException(reason);
    }

    private static TaskCompletionSource<T> Source<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
