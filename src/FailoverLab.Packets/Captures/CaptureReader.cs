using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FailoverLab.Linux;

namespace FailoverLab.Packets;

/// <summary>
/// Reads a capture file forward, packet by packet: pcap (microseconds, nanoseconds, both byte orders) and pcapng, either also
/// compressed with gzip. No packet allocates, and no content throws: a file that ends inside a packet or turns to nonsense gives what came
/// before, with <see cref="Truncated"/> and <see cref="Fault"/> saying so; docs/CAPTURES.md lists what is read. Faults of the disk throw <see cref="IOException"/>. Not thread-safe.
/// </summary>
public abstract class CaptureReader : IDisposable
{
    /// <summary>Longest packet taken for one; a greater length is a sign of damage.</summary>
    internal const uint MaxCapturedLength = 1 << 24;

    /// <summary>How far ahead of the reading memory is asked for, bytes: about the time one access takes at full speed.</summary>
    private protected const int PrefetchDistance = 2048;

    /// <summary>Smallest file that is mapped, bytes: below, reading costs less than the page tables.</summary>
    internal const long MinMapped = 64 << 20;
    private const int LimitMargin = 2048;
    private const int FirstSlots = 16;
    private const int FullSlots = 128;

    // Headers are read ahead in a tight loop over a whole batch, then handed out without a virtual call.
    private PacketSlot[] _slots = new PacketSlot[FirstSlots];
    private int _next;
    private int _count;
    private GunzipStream? _compressed;
    private bool _ended;
    private long _passedOver;
    private string? _firstPassedOver;

    private protected CaptureReader(ReadWindow window) => Window = window;

    /// <summary>The interfaces described so far; grows while reading.</summary>
    public abstract IReadOnlyList<CaptureInterface> Interfaces { get; }

    /// <summary>Whether something of the file is missing or could not be read; known once reading is done.</summary>
    public bool Truncated => Fault is not null;

    /// <summary>What is missing and why, in words with the offset; known once reading is done, absent where nothing is.</summary>
    public string? Fault { get; private protected set; }

    /// <summary>Packets that begin at this offset of the (unpacked) file or behind it wait until the limit is raised; <see cref="TryReadNext"/> gives none then.</summary>
    internal long Limit
    {
        get;
        set
        {
            field = value;
            if (IsBranch) Window.SoftEnd = value + LimitMargin;
        }
    } = long.MaxValue;

    /// <summary>Whether packets wait behind the limit, or the file ends exactly at it; asked when no packet was given.</summary>
    internal bool IsAtLimit => Window.Position >= Limit;

    /// <summary>Offset of the next record in the (unpacked) file; asked when no packet was given.</summary>
    internal long Position => Window.Position;

    /// <summary>The file, where it is mapped: then <see cref="Branch"/> gives readers of other parts of it.</summary>
    internal MappedFile? Mapping => Window.Mapping;

    /// <summary>Changes with all that a reader of a later part must know: interfaces, byte order.</summary>
    internal virtual int Epoch => 0;

    /// <summary>Whether the packets of the batch last read carry no stamps (simple packet blocks).</summary>
    internal virtual bool IsUnstamped => false;

    private protected bool IsBranch { get; private set; }

    private protected ReadWindow Window { get; }

    /// <summary>Opens a file. A large one that has been left alone for some seconds is mapped, any other is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reader">The reader; the caller disposes it.</param>
    /// <param name="error">Why the file is no capture that can be read, in one sentence.</param>
    /// <returns>Whether the file is a capture.</returns>
    public static bool TryOpen(string path, [NotNullWhen(true)] out CaptureReader? reader, [NotNullWhen(false)] out string? error) =>
        TryOpen(path, MinMapped, out reader, out error);

    /// <summary>Opens a file; one of at least so many bytes is mapped where that is safe.</summary>
    internal static bool TryOpen(string path, long minMapped, [NotNullWhen(true)] out CaptureReader? reader, [NotNullWhen(false)] out string? error)
    {
        reader = null;
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            return TryOpen(stream, minMapped, out reader, out error);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            error = $"'{path}' cannot be read: {fault.Message}";
            return false;
        }
    }

    /// <summary>Opens a stream, which the reader then owns; on failure it is disposed.</summary>
    /// <param name="stream">Readable; need not seek.</param>
    /// <param name="reader">The reader; the caller disposes it.</param>
    /// <param name="error">Why the stream is no capture that can be read, in one sentence.</param>
    /// <returns>Whether the stream starts as a capture.</returns>
    public static bool TryOpen(Stream stream, [NotNullWhen(true)] out CaptureReader? reader, [NotNullWhen(false)] out string? error) =>
        TryOpen(stream, MinMapped, out reader, out error);

    /// <summary>Opens a stream; a file of at least so many bytes is mapped where that is safe.</summary>
    internal static bool TryOpen(Stream stream, long minMapped, [NotNullWhen(true)] out CaptureReader? reader, [NotNullWhen(false)] out string? error)
    {
        var (window, compressed) = OpenWindow(stream, minMapped);
        reader = (CaptureReader?)PcapReader.Start(window) ?? PcapngReader.Start(window);
        error = null;
        if (reader is not null)
        {
            reader._compressed = compressed;
            return true;
        }

        var start = window.Peek(4);
        error = start.Length < 4
            ? $"not a capture: {start.Length} bytes, where a pcap or pcapng file starts with at least 24"
            : $"not a capture: it starts with {Convert.ToHexString(start)}, where pcap starts with A1B2C3D4 or A1B23C4D (either byte order) and pcapng with 0A0D0D0A";
        if (compressed is not null) error += compressed.Fault is { } fault ? $" (unpacked; {fault})" : " (unpacked)";
        window.Dispose();
        return false;
    }

    /// <summary>Reads the next packet.</summary>
    /// <param name="packet">The packet; valid until the next call.</param>
    /// <returns>Whether there was one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadNext(out CapturedPacket packet)
    {
        if (_next >= _count && !Refill())
        {
            packet = default;
            return false;
        }

        ref readonly var slot = ref _slots[_next++];
        packet = new CapturedPacket(slot.StampNs, Window.Slice(slot.Place, slot.Captured), slot.OriginalLength, slot.Interface, slot.LinkType);
        return true;
    }

    /// <summary>Reads the next packets that lie beside one another, as many as are at hand; for loops over all packets.</summary>
    /// <param name="packets">The packets; valid until the next call.</param>
    /// <returns>Whether there were any.</returns>
    internal bool TryReadBatch(out PacketBatch packets)
    {
        packets = default;
        if (_next >= _count && !Refill()) return false;
        var slots = _slots.AsSpan(_next, _count - _next);
        var end = slots[^1].Place + slots[^1].Captured;
        packets = new PacketBatch(slots, Window.Slice(slots[0].Place, (int)(end - slots[0].Place)));
        _next = _count;
        return true;
    }

    /// <summary>
    /// The comment of the packet last read (<c>opt_comment</c>), several as lines; absent where there is none. Costs nothing to those who do
    /// not ask.
    /// </summary>
    public string? ReadComment() => _next > 0 && _next <= _count ? CommentOf(_slots[_next - 1]) : null;

    /// <summary>
    /// A reader that knows what this one knows by now and reads plain packets elsewhere in the mapped file, on another thread if need be. It gives
    /// no packets from the first place on that needs more thought, and leaves faults and the file's end to this one. This one must outlive it.
    /// </summary>
    internal CaptureReader Branch()
    {
        if (Mapping is not { } mapped || Window.Part() is not { } stream) throw new InvalidOperationException("the file is not mapped");
        var branch = Over(new ReadWindow(mapped, stream));
        branch.IsBranch = true;
        branch._slots = new PacketSlot[FullSlots];
        return branch;
    }

    /// <summary>Moves to a record of the mapped file.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="isRead">For a branch: whether to read from there on, as mapping is the slower way there.</param>
    internal void GoTo(long offset, bool isRead = false)
    {
        _next = _count = 0;
        if (IsBranch) (Fault, _ended) = (null, false);
        Window.GoTo(offset, isRead);
    }

    /// <summary>What looks like the first record that begins at an offset of the mapped file or behind it. It may be wrong: what bytes look like proves nothing.</summary>
    /// <returns>Where that is; -1 = nothing near looks so.</returns>
    internal abstract long FindRecord(long offset);

    /// <inheritdoc/>
    public void Dispose()
    {
        _next = _count = 0;
        Window.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Finds the next packets, moves the window behind them, and stops before anything that would change what is known of the file
    /// (an interface, a fault), so that this is known when the packets before it have been handed out.
    /// </summary>
    /// <returns>How many were found; 0 = there are no more.</returns>
    private protected abstract int Decode(Span<PacketSlot> slots);

    /// <summary>A reader of the same file over another window.</summary>
    private protected abstract CaptureReader Over(ReadWindow window);

    /// <summary>The comment of a packet of the batch last decoded.</summary>
    private protected virtual string? CommentOf(in PacketSlot slot) => null;

    /// <summary>Counts a packet that the file holds but that cannot be made out; the first one is told.</summary>
    /// <returns><see langword="false"/>.</returns>
    private protected bool PassOver(string reason)
    {
        if (_passedOver++ == 0) _firstPassedOver = $"{reason} (before offset {Window.Position})";
        return false;
    }

    private static (ReadWindow Window, GunzipStream? Compressed) OpenWindow(Stream stream, long minMapped)
    {
        Span<byte> first = stackalloc byte[2];
        var seekable = stream.CanSeek;
        var start = seekable ? stream.Position : 0;
        first = first[..stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
        if (GunzipStream.IsStart(first))
        {
            var compressed = new GunzipStream(new GzipInput(stream, first));
            return (new ReadWindow(compressed), compressed);
        }

        if (!seekable) return (new ReadWindow(stream, null, first), null);
        stream.Position = start;
        var map = stream is FileStream file && start == 0 ? MappedFile.TryOpen(file.SafeFileHandle, minMapped) : null;
        return (new ReadWindow(stream, map), null);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Refill()
    {
        if (_count == FirstSlots && _slots.Length == FirstSlots) _slots = new PacketSlot[FullSlots];
        _next = _count = 0;
        if (IsAtLimit) return false;
        _count = Decode(_slots);
        if (_count > 0) return true;
        if (!_ended && !IsAtLimit) End();
        return false;
    }

    private void End()
    {
        _ended = true;
        if (_passedOver > 0 && Fault is null) Fault = $"{_passedOver} packets were passed over, the first because {_firstPassedOver}";
        if (_compressed?.Fault is { } fault) Fault = Fault is null ? fault : $"{fault}: {Fault}";
    }
}
