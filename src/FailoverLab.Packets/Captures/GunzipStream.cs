using System.Buffers.Binary;
using System.IO.Compression;
using FailoverLab.Primitives;

namespace FailoverLab.Packets;

/// <summary>
/// Decompresses gzip, also several members one after another, and knows whether it came to an end: <see cref="GZipStream"/> takes a file
/// that stops in the middle for a whole one. Content never throws; what came before a fault is given out, less than 16 KiB excepted.
/// </summary>
/// <remarks>Source: RFC 1952. Each member's trailer (checksum and length) is searched behind the compressed data, since
/// <see cref="DeflateStream"/> does not say where it stopped; 64 bits do not match by chance.</remarks>
/// <param name="input">The compressed bytes; owned.</param>
internal sealed class GunzipStream(GzipInput input) : ForwardStream
{
    private const int StepSize = 1 << 14;
    private const int KnownFlags = 0x1F;
    private const int HasChecksum = 2;
    private const int HasExtra = 4;
    private const int HasName = 8;
    private const int HasComment = 16;

    private DeflateStream? _member;
    private uint _checksum;
    private uint _memberLength;
    private long _position;
    private bool _ended;

    /// <summary>What is wrong with the compressed data, in words; absent while nothing is.</summary>
    public string? Fault { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether bytes start as gzip does.</summary>
    public static bool IsStart(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (!_ended && buffer.Length > 0)
        {
            _member ??= StartMember();
            if (_member is null) break;
            var count = Inflate(_member, buffer[..Math.Min(buffer.Length, StepSize)]);
            if (count > 0) return count;
            if (!_ended) EndMember();
        }

        return 0;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            input.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Inflate(DeflateStream member, Span<byte> buffer)
    {
        try
        {
            var count = member.Read(buffer);
            _checksum = Crc32.Append(_checksum, buffer[..count]);
            _memberLength += (uint)count;
            _position += count;
            return count;
        }
        catch (InvalidDataException)
        {
            Stop("the compressed data is damaged");
            return 0;
        }
    }

    /// <summary>Reads a member's header; padding with zeros before it is allowed.</summary>
    private DeflateStream? StartMember()
    {
        int first;
        do first = input.ReadByte();
        while (first == 0);
        if (first < 0)
        {
            _ended = true;
            return null;
        }

        if (first != 0x1F || input.ReadByte() != 0x8B || input.ReadByte() != 8) return Stop("no gzip header where one must be");
        var flags = input.ReadByte();
        if ((flags & ~KnownFlags) != 0 || !TrySkipHeader(flags)) return Stop("the compressed data's header is cut or damaged");
        _checksum = _memberLength = 0;
        return new DeflateStream(input, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>Time, flags and system, then what the flags announce.</summary>
    private bool TrySkipHeader(int flags)
    {
        var skip = 6;
        if ((flags & HasExtra) != 0)
        {
            if (!TrySkip(skip)) return false;
            skip = input.ReadByte() | (input.ReadByte() << 8);
        }

        return skip >= 0
            && TrySkip(skip)
            && ((flags & HasName) == 0 || TrySkipText())
            && ((flags & HasComment) == 0 || TrySkipText())
            && ((flags & HasChecksum) == 0 || TrySkip(2));
    }

    private bool TrySkip(int count)
    {
        while (count > 0 && input.ReadByte() >= 0) count--;
        return count == 0;
    }

    private bool TrySkipText()
    {
        int read;
        do read = input.ReadByte();
        while (read > 0);
        return read == 0;
    }

    private void EndMember()
    {
        _member?.Dispose();
        _member = null;
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _memberLength);
        if (!input.TryReturnTo(trailer)) Stop("the compressed data ends early or fails its checksum");
    }

    private DeflateStream? Stop(string reason)
    {
        Fault = $"{reason} after {_position} bytes of content";
        _ended = true;
        return null;
    }
}
