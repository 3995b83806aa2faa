namespace FailoverLab.Tunnel;

/// <summary>
/// Takes every numbered packet of one peer once, over whichever tunnel it comes first. The upper bits of a number tell the peer's run, so that a copy that
/// was on its way when the peer began a new one is still known as a copy. Allocates nothing per packet.
/// </summary>
internal sealed class DataInbox
{
    private const int Told = 64;

    private CounterWindow _window = new();
    private CounterWindow _windowBefore = new();
    private ulong _run = ulong.MaxValue;
    private ulong _runBefore = ulong.MaxValue;

    /// <summary>What was received of the present run, for the peer.</summary>
    public DataAck Ack
    {
        get
        {
            var before = 0UL;
            for (var i = 0; _window.HasStarted && i < Told; i++)
            {
                before |= _window.IsFresh(_window.Highest - 1 - (ulong)i) ? 0 : 1UL << i;
            }

            return new DataAck(_window.Highest, before);
        }
    }

    /// <summary>The peer says which run it is in.</summary>
    /// <param name="session">Random number of the run.</param>
    public void Begin(ulong session)
    {
        var run = DataNumber.RunOf(session);
        if (run == _run || run == _runBefore)
        {
            // A keepalive of the run before may come late over a slower path.
            return;
        }

        (_runBefore, _run) = (_run, run);
        (_windowBefore, _window) = (_window, new CounterWindow());
    }

    /// <summary>Takes a packet.</summary>
    /// <returns>Whether it is new; a second copy, one from long ago and one of an unknown run are not.</returns>
    public bool TryTake(ulong number)
    {
        var run = number & DataNumber.RunMask;
        if ((run == _run ? _window : run == _runBefore ? _windowBefore : null) is not { } window || !window.IsFresh(number))
        {
            return false;
        }

        window.Take(number);
        return true;
    }
}
