using FailoverLab.Dataplane;
using FailoverLab.Linux;

namespace FailoverLab.Wan;

/// <summary>
/// The thread of one direction of a link. Two directions have two, because what a machine does with a packet it does on the processor of whoever
/// sends it there: with one thread, both ends of a TCP connection on this machine would share that thread's processor with the link.
/// </summary>
/// <param name="link">Name of the link.</param>
/// <param name="word">Name of the direction.</param>
/// <param name="direction">What it runs.</param>
/// <param name="source">Where its frames come from.</param>
/// <param name="clock">The kernel's clocks.</param>
/// <param name="turned">Told after every turn, under <see cref="Gate"/>.</param>
/// <param name="failed">Told once why it stopped by itself; not after <see cref="Stop"/>.</param>
internal sealed class DirectionLoop(
    string link, string word, Direction direction, PacketSocket source, IClock clock, Action turned, Action<string> failed) : IDisposable
{
    private const int RealtimePriority = 20;
    private const int WakeIndex = 0;
    private const int SourceIndex = 1;

    // So often it is looked whether an interface that is down is still there: one that is deleted goes down first, and only that is told.
    private const long LookNs = 20_000_000;
    private readonly SpinMargin _margin = new();
    private readonly WakeUp _wake = new();
    private PollSet? _poll;
    private Thread? _thread;
    private bool _isLeft;
    private int _downs;
    private bool _isDown;
    private volatile bool _isStopping;

    /// <summary>Held while the direction is touched.</summary>
    internal Lock Gate { get; } = new();

    internal Direction Direction => direction;

    internal bool IsRunning => _thread is { IsAlive: true };

    internal void Start()
    {
        _poll = new PollSet(_wake, source);
        _thread = new Thread(Run) { IsBackground = true, Name = $"wan {link} {word}" };
        _thread.Start();
    }

    /// <summary>Has it look at once; from any thread.</summary>
    internal void Wake() => _wake.Signal();

    /// <summary>Has it end soon; from any thread, its own too.</summary>
    internal void Stop()
    {
        _isStopping = true;
        _wake.Signal();
    }

    /// <summary>Waits for its end.</summary>
    internal void Join() => _thread?.Join();

    public void Dispose() => _wake.Dispose();

    private void Run()
    {
        // Without it a busy machine's scheduler adds its own milliseconds to the link's. It sleeps between packets, so nobody starves.
        ProcessControl.TryRealtimePriority(RealtimePriority);
        try
        {
            var nextNs = long.MaxValue;
            while (!_isStopping)
            {
                nextNs = Turn(Math.Min(nextNs, NextLookNs()));
                if (source.IsGone)
                {
                    failed($"interface {source.Name} of link {link} vanished");
                    return;
                }
            }
        }
        catch (LinuxException failure)
        {
            failed($"link {link} stopped: {failure.Message}");
        }
    }

    private long NextLookNs()
    {
        _isDown |= source.DownCount != _downs;
        _downs = source.DownCount;
        _isDown = _isDown && !source.LookForInterface();
        return _isDown ? clock.MonotonicNs + LookNs : long.MaxValue;
    }

    /// <summary>Waits until something arrived or is due, and handles it.</summary>
    /// <param name="nextNs">When to look again at the latest.</param>
    /// <returns>When to look again after that.</returns>
    private long Turn(long nextNs)
    {
        // Under load there is always something in the ring, and nothing is asked of the kernel.
        var hasSome = _isLeft || source.HasWaiting;
        if (!hasSome && WaitUntilNear(nextNs))
        {
            TakeSignals();
            hasSome = _poll!.IsReadable(SourceIndex);
        }

        lock (Gate)
        {
            // Before a planned change, all that arrived before it. Else what is due does not wait for what is to be read.
            var nowNs = clock.MonotonicNs;
            var isChange = direction.Pipeline.NextChangeNs <= nowNs;
            if (hasSome && !isChange && direction.Pipeline.NextDueNs <= nowNs)
            {
                direction.SendDue();
            }

            _isLeft = (hasSome || isChange) && !direction.TakeIn();
            direction.SendDue();
            turned();
            return direction.NextNs;
        }
    }

    /// <summary>Sleeps until shortly before the instant, then watches the clock; ends early when something arrives during the sleep.</summary>
    /// <returns>Whether something arrived.</returns>
    private bool WaitUntilNear(long instantNs)
    {
        if (instantNs == long.MaxValue)
        {
            return _poll!.Wait(instantNs);
        }

        var sleepUntilNs = instantNs - _margin.Ns;
        var mustSleep = clock.MonotonicNs < sleepUntilNs;
        if (_poll!.Wait(sleepUntilNs))
        {
            return true;
        }

        var nowNs = clock.MonotonicNs;
        if (mustSleep && nowNs >= sleepUntilNs)
        {
            _margin.Learn(sleepUntilNs, nowNs);
        }

        // A signal may have ended the sleep early; then it is slept again, not spun.
        while (nowNs >= sleepUntilNs && nowNs < instantNs)
        {
            nowNs = clock.MonotonicNs;
        }

        return false;
    }

    private void TakeSignals()
    {
        if (_poll!.IsReadable(WakeIndex))
        {
            _wake.Drain();
        }

        if (_poll.IsBroken(SourceIndex))
        {
            source.TakeError();
        }
    }
}
