using System.Diagnostics.CodeAnalysis;

namespace FailoverLab.Packets;

/// <summary>
/// Reads a capture file forward, packet by packet: pcap (microseconds, nanoseconds, both byte orders) and pcapng. No packet
/// allocates, and no content throws: a file that ends inside a packet or turns to nonsense gives what came before, with
/// <see cref="Truncated"/> and <see cref="Fault"/> saying so. Faults of the disk throw <see cref="IOException"/>. Not thread-safe.
/// </summary>
public abstract class CaptureReader : IDisposable
{
    /// <summary>Longest packet taken for one; a greater length is a sign of damage.</summary>
    internal const uint MaxCapturedLength = 1 << 24;

    private protected CaptureReader(ReadWindow window) => Window = window;

    /// <summary>The interfaces described so far; grows while reading.</summary>
    public abstract IReadOnlyList<CaptureInterface> Interfaces { get; }

    /// <summary>Whether the file ended inside a packet or block, or could not be read to its end; known once reading is done.</summary>
    public bool Truncated => Fault is not null;

    /// <summary>What stopped the reading, in words with the offset; absent while nothing did.</summary>
    public string? Fault { get; private protected set; }

    private protected ReadWindow Window { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reader">The reader; the caller disposes it.</param>
    /// <param name="error">Why the file is no capture that can be read, in one sentence.</param>
    /// <returns>Whether the file is a capture.</returns>
    public static bool TryOpen(string path, [NotNullWhen(true)] out CaptureReader? reader, [NotNullWhen(false)] out string? error)
    {
        reader = null;
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            return TryOpen(stream, out reader, out error);
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
    public static bool TryOpen(Stream stream, [NotNullWhen(true)] out CaptureReader? reader, [NotNullWhen(false)] out string? error)
    {
        var window = new ReadWindow(stream);
        reader = (CaptureReader?)PcapReader.Start(window) ?? PcapngReader.Start(window);
        error = null;
        if (reader is not null) return true;
        var start = window.Peek(4);
        error = start.Length < 4
            ? $"not a capture: {start.Length} bytes, where a pcap or pcapng file starts with at least 24"
            : $"not a capture: it starts with {Convert.ToHexString(start)}, where pcap starts with A1B2C3D4 or A1B23C4D (either byte order) and pcapng with 0A0D0D0A";
        window.Dispose();
        return false;
    }

    /// <summary>Reads the next packet.</summary>
    /// <param name="packet">The packet; valid until the next call.</param>
    /// <returns>Whether there was one.</returns>
    public abstract bool TryReadNext(out CapturedPacket packet);

    /// <inheritdoc/>
    public void Dispose()
    {
        Window.Dispose();
        GC.SuppressFinalize(this);
    }
}
