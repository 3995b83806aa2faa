namespace FailoverLab.Packets;

/// <summary>A window over a stream, filled by large reads; what it hands out lies in one buffer and is valid until the next call.</summary>
internal sealed class ReadWindow(Stream stream) : IDisposable
{
    private const int FirstSize = 1 << 16;
    private const int FullSize = 1 << 20;

    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;
    private bool _streamEnded;

    /// <summary>Offset in the stream of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Whether no byte is left.</summary>
    public bool AtEnd => Peek(1).Length == 0;

    /// <summary>The next bytes without moving on.</summary>
    /// <param name="count">How many; the buffer grows to hold them.</param>
    /// <returns>That many bytes, fewer only where the stream ends.</returns>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_end - _start < count && !_streamEnded)
        {
            Fill(count);
        }

        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    /// <summary>Moves on over bytes that <see cref="Peek"/> has shown.</summary>
    public void Advance(int count)
    {
        _start += count;
        Position += count;
    }

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

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private void Fill(int count)
    {
        // Small files are many and a large buffer is dear to make, so the full size waits for a second filling.
        var size = Math.Max(count, Position > 0 ? FullSize : FirstSize);
        if (_buffer.Length - _start < count || _buffer.Length < size)
        {
            var target = _buffer.Length >= size ? _buffer : new byte[size];
            _buffer.AsSpan(_start, _end - _start).CopyTo(target);
            _buffer = target;
            _end -= _start;
            _start = 0;
        }

        while (_end - _start < count)
        {
            var read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                _streamEnded = true;
                return;
            }

            _end += read;
        }
    }
}
