namespace FailoverLab.Hosts;

/// <summary>How much of a host's disk captures may take: those of a run begin together, and each sees the same free space. Pure.</summary>
internal static class CaptureRoom
{
    /// <summary>A capture that may take less than this is not begun, bytes.</summary>
    public const long Least = 16L << 20;

    /// <summary>Files of a capture's ring; the oldest gives way when all are full, so what is kept is this many less one at least.</summary>
    public const int Files = 8;

    private const long Most = 512L << 20;

    /// <summary>Bytes one capture may take: all together half of what is free, one a quarter of it and 512 MiB at most.</summary>
    /// <param name="freeBytes">Free space.</param>
    /// <param name="captures">Captures that share it.</param>
    /// <returns>0 when that would be too little.</returns>
    public static long Of(long freeBytes, int captures) => freeBytes / Share(captures) is var room && room >= Least ? Math.Min(room, Most) : 0;

    /// <summary>Free space from which on they are begun, bytes.</summary>
    public static long Wanted(int captures) => Share(captures) * Least;

    /// <summary>Bytes that the files of a ring may have together: programs count a file's room in other thousands, finish the packet they are at, and may leave one file more.</summary>
    public static long Held(long room) => room / 4 * 5;

    private static long Share(int captures) => 2L * Math.Max(2, captures);
}
