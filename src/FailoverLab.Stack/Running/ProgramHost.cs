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

    [ThreadStatic]
    private static StampClock? _stamps;

    /// <summary>Both clocks, now. A program's loop is one thread and has one stamp clock.</summary>
    internal static TunnelTime Now => (_stamps ??= new StampClock()).Read(SystemClock.Shared.MonotonicNs, SystemClock.Shared.RealtimeNs);

    /// <summary>Prepares a program, waits at the gate and serves until canceled.</summary>
    /// <returns>The exit status; a refusal of the kernel was said on the error stream.</returns>
    internal int Run(Func<EventLog, IStackProgram> make, CancellationToken cancel)
    {
        using var log = new EventLog(Events);
        try
        {
            using var program = make(log);
            program.Prepare();
            if (PassGate(log, cancel))
            {
                program.Serve(cancel);
            }

            return Ended;
        }
        catch (LinuxException refusal)
        {
            Error.WriteLine($"error: {refusal.Message}");
            return Refused;
        }
    }

    /// <summary>Waits at the gate, if there is one.</summary>
    /// <returns>Whether to start; not when the gate was closed or the program canceled.</returns>
    private bool PassGate(EventLog log, CancellationToken cancel)
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
