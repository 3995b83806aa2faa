using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>Signals, sessions and scheduling of processes and of the calling thread.</summary>
public static unsafe class ProcessControl
{
    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGKILL.</summary>
    public const int KillSignal = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    private const int SetParentDeath = 1;
    private const int SetSlack = 29;
    private const int FifoResetOnFork = 0x40000001;
    private const int LockAllOnFault = 7;

    /// <summary>Room for 1,024 processors, as the C library has it.</summary>
    private const int ProcessorWords = 16;

    [ThreadStatic]
    private static bool _timersSharpened;

    /// <summary>Sends a signal.</summary>
    /// <param name="pid">Process; a negative number is a process group.</param>
    /// <param name="signal">Signal number; 0 only asks whether the process is there.</param>
    /// <returns>Whether there was such a process.</returns>
    /// <exception cref="LinuxException">Not allowed, or no such signal.</exception>
    public static bool Kill(int pid, int signal)
    {
        if (Libc.kill(pid, signal) == 0)
        {
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.NoProcess ? false : throw new LinuxException("kill", $"process {pid}", errno);
    }

    /// <summary>Makes this process the leader of a new session, so that a terminal's Ctrl-C does not reach it.</summary>
    /// <returns>Whether it worked; <see langword="false"/> when it leads a process group already.</returns>
    public static bool SetSid() => Libc.setsid() >= 0;

    /// <summary>Asks the kernel to signal this process when the thread that started it ends.</summary>
    /// <param name="signal">Signal number.</param>
    /// <exception cref="LinuxException">No such signal.</exception>
    public static void SetParentDeathSignal(int signal = KillSignal)
    {
        if (Libc.prctl(SetParentDeath, (nuint)signal, 0, 0, 0) != 0)
        {
            throw new LinuxException("prctl(PR_SET_PDEATHSIG)", $"signal {signal}", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Sets how late the kernel may let the calling thread's sleeps end, to save wake-ups; the default is 50 us.</summary>
    /// <param name="slack">1 ns or more.</param>
    /// <returns>Whether the kernel took it.</returns>
    public static bool SetTimerSlack(TimeSpan slack) => Libc.prctl(SetSlack, (nuint)Math.Max(1, slack.Ticks * 100), 0, 0, 0) == 0;

    /// <summary>Puts the calling thread under SCHED_FIFO. Such a thread must sleep regularly, or it starves its core.</summary>
    /// <param name="priority">1..99.</param>
    /// <returns>Whether the kernel allowed it; it needs CAP_SYS_NICE outside every user namespace.</returns>
    public static bool TryRealtimePriority(int priority) => Libc.sched_setscheduler(0, FifoResetOnFork, &priority) == 0;

    /// <summary>The processors the calling thread may run on, by number.</summary>
    public static IReadOnlyList<int> Processors()
    {
        var words = stackalloc ulong[ProcessorWords];
        _ = Libc.sched_getaffinity(0, ProcessorWords * sizeof(ulong), words);
        var processors = new List<int>();
        for (var n = 0; n < ProcessorWords * 64; n++)
        {
            if ((words[n / 64] & (1UL << (n % 64))) != 0)
            {
                processors.Add(n);
            }
        }

        return processors;
    }

    /// <summary>Keeps the calling thread on one processor.</summary>
    /// <param name="processor">Its number, one of <see cref="Processors"/>.</param>
    /// <returns>Whether the kernel took it.</returns>
    public static bool TryRunOn(int processor)
    {
        var words = stackalloc ulong[ProcessorWords];
        new Span<ulong>(words, ProcessorWords).Clear();
        words[processor / 64] = 1UL << (processor % 64);
        return Libc.sched_setaffinity(0, ProcessorWords * sizeof(ulong), words) == 0;
    }

    /// <summary>Keeps every page this process touches from now on in memory.</summary>
    /// <returns>Whether the kernel allowed it; without privilege <c>ulimit -l</c> decides.</returns>
    public static bool LockMemory() => Libc.mlockall(LockAllOnFault) == 0;

    /// <summary>Gives the calling thread the finest timers, the first time it asks.</summary>
    internal static void SharpenTimersOnce()
    {
        if (!_timersSharpened)
        {
            _timersSharpened = SetTimerSlack(TimeSpan.Zero);
        }
    }
}
