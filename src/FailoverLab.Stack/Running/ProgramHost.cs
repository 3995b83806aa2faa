using FailoverLab.Linux;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack;

/// <summary>What a program of the stack is given by whoever starts it.</summary>
/// <param name="Events">Standard output: one JSON line per event.</param>
/// <param name="Error">Standard error: faults in words.</param>
/// <param name="Gate">Standard input, from which a line starts the program; <see langword="null"/> starts it at once.</param>
public sealed record ProgramHost(Stream Events, TextWriter Error, TextReader? Gate)
{
    /// <summary>Exit status of a program that ended as asked.</summary>
    public const int Ended = 0;

    /// <summary>Exit status when something the program needs was refused.</summary>
    public const int Refused = 4;

    /// <summary>Both clocks, now.</summary>
    internal static TunnelTime Now => new(SystemClock.Shared.MonotonicNs, SystemClock.Shared.RealtimeNs);

    /// <summary>Waits at the gate, if there is one.</summary>
    /// <returns>Whether to start; not when the gate was closed or the program canceled.</returns>
    internal bool PassGate(EventLog log, CancellationToken cancel)
    {
        if (Gate is null)
        {
            return true;
        }

        log.Write(new StackEvent(StackEventNames.Armed, Now.RealtimeNs));
        try
        {
            return Gate.ReadLineAsync(cancel).AsTask().GetAwaiter().GetResult() is not null;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
