namespace FailoverLab.Packets.Tests;

/// <summary>Bytes that come a few at a time and cannot be gone back to; being asked on and on behind their end throws.</summary>
internal sealed class PipeStream(byte[] bytes, int length) : MemoryStream(bytes, 0, length, writable: false)
{
    private const int Piece = 7;
    private const int MostReadsAtTheEnd = 16;

    private int _readsAtTheEnd;

    public override bool CanSeek => false;

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = base.Read(buffer, offset, Math.Min(count, Piece));
        return read == 0 && count > 0 && ++_readsAtTheEnd > MostReadsAtTheEnd ? throw new InvalidOperationException("read on and on behind the end") : read;
    }
}
