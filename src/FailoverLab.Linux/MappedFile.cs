using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace FailoverLab.Linux;

/// <summary>
/// A regular file mapped for reading from its first byte. The pages are the kernel's own cache: nothing is copied, and nothing counts as
/// memory of the process but what has been touched and not given back by <see cref="Release"/>. A file cut short while it is mapped kills
/// the process (SIGBUS), which is why <see cref="TryOpen"/> refuses files that may still change. Several threads may look at it;
/// disposal is for when none does.
/// </summary>
public sealed unsafe class MappedFile : IDisposable
{
    /// <summary>Seconds since the last change before a file is taken for finished.</summary>
    public const int SettledSeconds = 5;

    private const int Realtime = 0;
    private const int ReadOnly = 1;
    private const int Private = 2;
    private const int AdviseSequential = 2;
    private const int AdviseDontNeed = 4;
    private const int ProbedBytes = 2 << 20;
    private const long PageMask = ~4095L;

    // ext2 to ext4, XFS, Btrfs, tmpfs, F2FS, overlay: a disk fault or a truncation far away cannot reach us through these as through NFS, CIFS or FUSE.
    private static readonly long[] LocalFileSystems = [0xEF53, 0x58465342, 0x9123683E, 0x01021994, 0xF2F52010, 0x794C7630];

    private byte* _start;

    private MappedFile(byte* start, long length)
    {
        _start = start;
        Length = length;
    }

    /// <summary>Bytes mapped: those the file had when it was opened; 0 after disposal.</summary>
    public long Length { get; private set; }

    /// <summary>Maps a file for reading forward.</summary>
    /// <param name="file">A file that can seek, open for reading; may be closed afterwards.</param>
    /// <param name="minLength">Smallest file worth it, bytes.</param>
    /// <returns>
    /// The mapping; absent where reading is the better or the only way: a short file, one on a network or user-space file system, one changed
    /// in the last <see cref="SettledSeconds"/>, or no room in the address space.
    /// </returns>
    /// <exception cref="IOException">The file cannot be asked for its length.</exception>
    public static MappedFile? TryOpen(SafeFileHandle file, long minLength)
    {
        var held = false;
        try
        {
            file.DangerousAddRef(ref held);
            var fd = (int)file.DangerousGetHandle();
            var length = RandomAccess.GetLength(file);
            if (length < Math.Max(1, minLength) || !IsSettled(file) || !IsLocal(fd)) return null;
            var start = (byte*)Libc.mmap(null, (nuint)length, ReadOnly, Private, fd, 0);
            if (start == (byte*)-1) return null;
            _ = Libc.madvise(start, (nuint)length, AdviseSequential);
            return new MappedFile(start, length);
        }
        finally
        {
            if (held) file.DangerousRelease();
        }
    }

    /// <summary>Part of the file; valid until disposal, which its user must not do while any part is in use.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not wholly inside the file.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        if ((ulong)offset > (ulong)Length || (uint)length > (ulong)(Length - offset)) ThrowOutside();
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>
    /// Touches the next 2 MiB and counts what that costs. Where the kernel holds the file in large pieces it maps all of it at one fault, and
    /// nothing is faster than the mapping; where it holds single pages there is a fault every 64 KiB, and copying by large reads is faster,
    /// above all in a virtual machine (measured: docs/decisions/0005).
    /// </summary>
    /// <param name="offset">Where the next bytes are, in the file.</param>
    /// <returns>Whether to go on with the mapping.</returns>
    public bool IsCheap(long offset)
    {
        const int Stride = 64 << 10;
        const int MaxFaults = 8;
        var before = ThreadUsage.CountFaults();
        var sum = 0;
        for (var at = Math.Max(0, offset); at < Math.Min(Length, offset + ProbedBytes); at += Stride) sum += Volatile.Read(ref _start[at]);
        return sum >= 0 && ThreadUsage.CountFaults() - before <= MaxFaults;
    }

    /// <summary>Gives the memory of a part back; reading there again fetches it again. Whole pages inside the part only.</summary>
    /// <param name="offset">First byte, in the file.</param>
    /// <param name="end">Behind the last byte, in the file.</param>
    public void Release(long offset, long end)
    {
        var first = (Math.Clamp(offset, 0, Length) + 4095) & PageMask;
        var last = Math.Clamp(end, 0, Length) & PageMask;
        if (first < last) _ = Libc.madvise(_start + first, (nuint)(last - first), AdviseDontNeed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_start is null) return;
        _ = Libc.munmap(_start, (nuint)Length);
        _start = null;
        Length = 0;
    }

    private static void ThrowOutside() => throw new ArgumentOutOfRangeException("offset", "not wholly inside the mapped file");

    private static bool IsSettled(SafeFileHandle file)
    {
        TimeSpec now;
        _ = Libc.clock_gettime(Realtime, &now);
        var changed = new DateTimeOffset(File.GetLastWriteTimeUtc(file)).ToUnixTimeSeconds();
        return now.Seconds - changed >= SettledSeconds;
    }

    private static bool IsLocal(int fd)
    {
        // struct statfs starts with its type; 256 bytes hold it on every architecture.
        var buffer = stackalloc long[32];
        return Libc.fstatfs(fd, buffer) == 0 && Array.IndexOf(LocalFileSystems, buffer[0] & 0xFFFFFFFF) >= 0;
    }
}
