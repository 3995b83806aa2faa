namespace FailoverLab.Restoration.Tests;

/// <summary>A file whose disk is full when told so: half of what is written arrives.</summary>
internal sealed class FillingFile(string path) : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0)
{
    public bool IsFull { get; set; }

    /// <summary>Whether it cannot be made shorter either.</summary>
    public bool IsStuck { get; set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (IsFull)
        {
            base.Write(buffer[..(buffer.Length / 2)]);
            throw new IOException("No space left on device");
        }

        base.Write(buffer);
    }

    public override void SetLength(long value)
    {
        if (IsStuck)
        {
            throw new IOException("Input/output error");
        }

        base.SetLength(value);
    }
}
