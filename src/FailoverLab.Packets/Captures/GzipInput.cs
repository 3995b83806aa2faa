using FailoverLab.Primitives;

namespace FailoverLab.Packets;

/// <summary>
/// Compressed bytes on their way to the decompressor, which takes more than it needs: the last piece it took can be given back in part.
/// </summary>
internal sealed class GzipInput : ForwardStream
{
    // What the decompressor takes at a time.
    private const int PieceSize = 8192;

    private readonly Stream _source;
    private readonly byte[] _buffer = new byte[8 * PieceSize];
    private int _pieceStart;
    private int _start;
    private int _end;

    /// <summary>Starts with bytes that were already read from the source.</summary>
    /// <param name="source">The rest; owned.</param>
    /// <param name="first">At most 8 KiB.</param>
    public GzipInput(Stream source, ReadOnlySpan<byte> first)
    {
        _source = source;
        first.CopyTo(_buffer);
        _end = first.Length;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Gives a piece to the decompressor.</summary>
    public override int Read(Span<byte> buffer)
    {
        if (_start == _end) Fetch();
        var count = Math.Min(Math.Min(buffer.Length, PieceSize), _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        if (count > 0) _pieceStart = _start;
        _start += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>One byte of a header; -1 at the end.</summary>
    public override int ReadByte()
    {
        if (_start == _end) Fetch();
        if (_start == _end) return -1;
        _pieceStart = ++_start;
        return _buffer[_start - 1];
    }

    /// <summary>
    /// Goes back to behind the first occurrence of a mark in the last piece, or across its end: where the decompressor stopped in the piece is
    /// not known, but what must follow there is.
    /// </summary>
    /// <returns>Whether the mark was there; nothing moves if not.</returns>
    public bool TryReturnTo(ReadOnlySpan<byte> mark)
    {
        while (_end - _start < mark.Length && Fetch())
        {
        }

        var at = _buffer.AsSpan(_pieceStart, Math.Min(_end, _start + mark.Length) - _pieceStart).IndexOf(mark);
        if (at < 0) return false;
        _start = _pieceStart += at + mark.Length;
        return true;
    }

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Reads more behind what is there, keeping the last piece.</summary>
    private bool Fetch()
    {
        _buffer.AsSpan(_pieceStart, _end - _pieceStart).CopyTo(_buffer);
        _start -= _pieceStart;
        _end -= _pieceStart;
        _pieceStart = 0;
        var count = _source.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        return count > 0;
    }
}
