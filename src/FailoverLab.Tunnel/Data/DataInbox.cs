namespace FailoverLab.Tunnel;

/// <summary>
/// Takes every numbered packet of one peer once, over whichever tunnel it comes first. The upper bits of a number tell the peer's run, so that a copy that
/// was on its way when the peer began a new one is still known as a copy. Allocates nothing per packet.
/// </summary>
internal sealed class DataInbox
{
    private NumberWindow _window = new();
    private NumberWindow _windowBefore = new();
    private ulong _run = ulong.MaxValue;
    private ulong _runBefore = ulong.MaxValue;

    /// <summary>What was received of the present run, for the peer.</summary>
    public DataAck Ack => _window.Ack;

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
        (_windowBefore, _window) = (_window, _windowBefore);
        _window.Reset();
    }

    /// <summary>Takes a packet.</summary>
    /// <returns>Whether it is new; a second copy, one from long ago and one of an unknown run are not.</returns>
    public bool TryTake(ulong number)
    {
        var run = number & DataNumber.RunMask;
        return run == _run ? _window.TryTake(number) : run == _runBefore && _windowBefore.TryTake(number);
    }
}
