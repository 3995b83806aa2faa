using System.Runtime.CompilerServices;
using FailoverLab.Linux;

namespace FailoverLab.Packets;

/// <summary>
/// A window that moves forward over a file: over a mapped file it is all that is left, over a stream one buffer filled by large reads.
/// What it hands out is valid until the next call.
/// </summary>
internal sealed class ReadWindow : IDisposable
{
    private const int MaxFirstSize = 1 << 16;
    private const int FullSize = 1 << 19;
    private const int GrowthStep = 8;
    private const long CheckedEvery = 32 << 20;

    // Giving back part of a large page would split what is left of it into small ones.
    private const long LargePage = 2 << 20;

    private readonly Stream _stream;
    private readonly MappedFile? _owned;
    private readonly MappedFile? _view;
    private readonly int _firstSize;
    private byte[] _buffer;

    // Places count bytes of the mapped file or of the buffer; the origin is the offset in the stream of the buffer's first byte.
    private long _start;
    private long _end;
    private long _origin;
    private long _nextCheck;
    private MappedFile? _map;
    private bool _streamEnded;

    /// <summary>Starts at a stream's position.</summary>
    /// <param name="stream">Where the bytes come from; owned.</param>
    /// <param name="map">The same file mapped, owned; absent = the stream is read.</param>
    /// <param name="first">Bytes that were already read from a stream that cannot go back.</param>
    public ReadWindow(Stream stream, MappedFile? map = null, ReadOnlySpan<byte> first = default)
    {
        _buffer = first.ToArray();
        _stream = stream;
        _owned = _map = map;
        _end = map?.Length ?? first.Length;
        _streamEnded = map is not null;
        _firstSize = stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position, 1, MaxFirstSize) : MaxFirstSize;
    }

    /// <summary>A second window over a mapped file, which stays its owner's and must outlive it.</summary>
    /// <param name="map">The file mapped.</param>
    /// <param name="stream">The same file to be read, at positions of its own.</param>
    public ReadWindow(MappedFile map, Stream stream)
        : this(stream, map) => (_owned, _view, _nextCheck) = (null, map, long.MaxValue);

    /// <summary>A stream of the file at positions of its own; absent where the stream is no file.</summary>
    public FilePartStream? Part() => _stream is FileStream file ? new FilePartStream(file.SafeFileHandle) : null;

    /// <summary>Bytes from this offset on are read only where they are needed.</summary>
    public long SoftEnd { get; set; } = long.MaxValue;

    /// <summary>The mapped file; absent where the stream is read.</summary>
    public MappedFile? Mapping => _owned ?? _view;

    /// <summary>Offset in the stream of the next byte.</summary>
    public long Position => _origin + _start;

    /// <summary>Place of the next byte, for <see cref="Slice"/>.</summary>
    public long Place => _start;

    /// <summary>Whether no byte is left.</summary>
    public bool AtEnd => Peek(1).Length == 0;

    /// <summary>The next bytes that are there without reading: any number, also none before the end.</summary>
    public ReadOnlySpan<byte> Available
    {
        get
        {
            if (_map is not null && _start >= _nextCheck) CheckMapping(_map);
            return Slice(_start, (int)Math.Min(_end - _start, int.MaxValue));
        }
    }

    /// <summary>Bytes by their place; valid until the next call that moves on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Slice(long place, int length) => _map is not null ? _map.Slice(place, length) : _buffer.AsSpan((int)place, length);

    /// <summary>The next bytes without moving on.</summary>
    /// <param name="count">How many; the buffer grows to hold them.</param>
    /// <returns>That many bytes, fewer only where the stream ends.</returns>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_end - _start < count && !_streamEnded) Fill(count);
        return Slice(_start, (int)Math.Min(count, _end - _start));
    }

    /// <summary>Moves on over bytes that <see cref="Peek"/> or <see cref="Available"/> has shown.</summary>
    public void Advance(int count) => _start += count;

    /// <summary>Moves on over any number of bytes.</summary>
    /// <returns>Whether the stream held that many.</returns>
    public bool TrySkip(long count)
    {
        while (count > 0)
        {
            var step = Peek((int)Math.Min(count, FullSize)).Length;
            if (step == 0) return false;
            Advance(step);
            count -= step;
        }

        return true;
    }

    /// <summary>Moves to an offset of the mapped file.</summary>
    /// <param name="offset">Where to.</param>
    /// <param name="isRead">Whether to read from there on, as mapping is the slower way there.</param>
    public void GoTo(long offset, bool isRead)
    {
        var mapped = Mapping ?? throw new InvalidOperationException("only a mapped file is gone back and forth in");
        (_map, _start, _end, _origin, _streamEnded) = (mapped, offset, mapped.Length, 0, true);
        if (!isRead) return;
        (_map, _start, _end, _origin, _streamEnded) = (null, 0, 0, offset, false);
        _stream.Position = offset;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _streamEnded = true;
        _start = _end = 0;
        _buffer = [];
        _map = null;
        _owned?.Dispose();
        _stream.Dispose();
    }

    /// <summary>
    /// Gives back what lies behind, so that little of a large file counts as memory of this process, and reads the next part where mapping it
    /// is the slower way.
    /// </summary>
    private void CheckMapping(MappedFile mapped)
    {
        mapped.Release(0, _start - (_start % LargePage));
        _nextCheck = _start + CheckedEvery;
        if (mapped.IsCheap(_start)) return;
        _stream.Position = _start;
        _origin = _start;
        _start = _end = 0;
        _map = null;
        _streamEnded = false;
    }

    /// <summary>Back from reading to the mapping, which is tried again every now and then.</summary>
    private bool TryMapAgain()
    {
        if (_owned is null || Position < _nextCheck || Position >= _owned.Length) return false;
        (_map, _start, _end, _origin, _streamEnded) = (_owned, Position, _owned.Length, 0, true);
        CheckMapping(_owned);
        return _map is not null;
    }

    private void Fill(int count)
    {
        if (TryMapAgain()) return;
        while (_end - _start < count)
        {
            if (_end == _buffer.Length || (_start > 0 && _buffer.Length - _start < count)) MakeRoom(count);
            var room = _buffer.Length - _end;
            if (SoftEnd - _origin - _end is > 0 and var soft && soft < room) room = soft;
            var read = _stream.Read(_buffer, (int)_end, (int)room);
            if (read == 0)
            {
                _streamEnded = true;
                return;
            }

            _end += read;
        }
    }

    /// <summary>
    /// Moves what is left to the front, in a larger buffer where it must be. A length that a file claims is believed only as far as bytes
    /// have come: what is full at most doubles. Small files are many and a large buffer is dear to make, so the full size is reached in steps.
    /// </summary>
    private void MakeRoom(int count)
    {
        var left = (int)(_end - _start);
        var size = Math.Max(Math.Max(_firstSize, Math.Min(FullSize, _buffer.Length * GrowthStep)), Math.Min(count, 2 * left));
        var target = _buffer.Length >= size ? _buffer : GC.AllocateUninitializedArray<byte>(size);
        _buffer.AsSpan((int)_start, left).CopyTo(target);
        _buffer = target;
        _origin += _start;
        _start = 0;
        _end = left;
    }
}
