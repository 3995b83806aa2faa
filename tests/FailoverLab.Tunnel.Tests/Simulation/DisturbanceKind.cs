namespace FailoverLab.Tunnel.Tests;

/// <summary>What may happen to the simulated world.</summary>
internal enum DisturbanceKind
{
    /// <summary>A path falls silent both ways.</summary>
    Cut,

    /// <summary>A path falls silent towards the routers.</summary>
    CutOut,

    /// <summary>A path falls silent towards the endpoint.</summary>
    CutBack,

    /// <summary>A path's interface goes down, and the kernel says so.</summary>
    LinkDown,

    /// <summary>A path loses packets both ways; amount in percent.</summary>
    Loss,

    /// <summary>A path takes longer; amount in ms each way.</summary>
    Delay,

    /// <summary>A path delivers some packets twice; amount in percent.</summary>
    Copies,

    /// <summary>A path is as it was at first.</summary>
    Heal,

    /// <summary>A router dies.</summary>
    Kill,

    /// <summary>A router starts, or starts anew.</summary>
    Start,

    /// <summary>The endpoint dies and starts anew at once.</summary>
    Restart,

    /// <summary>The wall clock of the endpoint (target 0) or a router (1, 2) jumps; amount in seconds.</summary>
    ClockJump,

    /// <summary>The balancer names a router.</summary>
    Balancer,

    /// <summary>The next acknowledgements of activations are lost; amount is how many.</summary>
    LoseAcks,

    /// <summary>The next activations are lost; amount is how many.</summary>
    LoseActivations,

    /// <summary>The routers cannot reach each other any more (amount 0), or again (1).</summary>
    Partition,

    /// <summary>Somebody throws recorded datagrams back in; amount is how many.</summary>
    Replay,

    /// <summary>A path's route is gone: the kernel refuses what is sent, and says nothing of its own accord.</summary>
    Unreachable,

    /// <summary>The endpoint (target 0) or a router (1, 2) stands still; amount in ms.</summary>
    Pause,
}
