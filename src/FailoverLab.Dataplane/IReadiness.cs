namespace FailoverLab.Dataplane;

/// <summary>Waits for several sources that packets come from, known by their index. One thread at a time.</summary>
public interface IReadiness
{
    /// <summary>Blocks until a source has something to read or the deadline passes.</summary>
    /// <param name="deadlineMonotonicNs">CLOCK_MONOTONIC; one that has passed looks without blocking, <see cref="long.MaxValue"/> never ends.</param>
    /// <returns>Whether a source should be read; <see langword="false"/> at the deadline, or early.</returns>
    bool Wait(long deadlineMonotonicNs);

    /// <summary>Whether the last wait found this source worth reading.</summary>
    bool IsReadable(int index);
}
