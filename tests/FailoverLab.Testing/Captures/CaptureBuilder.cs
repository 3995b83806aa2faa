using FailoverLab.Packets;

namespace FailoverLab.Testing;

/// <summary>
/// Synthetic captures of several points. Packets may be added in any order: each file comes out sorted by stamp, as a kernel
/// would have written it.
/// </summary>
public sealed class CaptureBuilder
{
    private readonly SortedDictionary<string, List<(long StampNs, byte[] Frame)>> _points = new(StringComparer.Ordinal);

    /// <summary>Names of the points that hold packets or were declared.</summary>
    public IReadOnlyCollection<string> Points => _points.Keys;

    /// <summary>Declares a point, so that it has a capture even without packets.</summary>
    public CaptureBuilder Declare(params ReadOnlySpan<string> points)
    {
        foreach (var point in points) _ = At(point);
        return this;
    }

    /// <summary>Adds a frame seen at a point.</summary>
    public CaptureBuilder Add(string point, long stampNs, byte[] frame)
    {
        At(point).Add((stampNs, frame));
        return this;
    }

    /// <summary>One point's capture as pcapng.</summary>
    /// <param name="point">The point's name, also written as the interface's.</param>
    /// <param name="dropped">Drops to report.</param>
    /// <param name="finish">Whether the interface statistics are written at the end.</param>
    public byte[] ToPcapng(string point, long dropped = 0, bool finish = true)
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, new PcapngDescription(point, CaptureLinkType.Ethernet, 256)))
        {
            var packets = At(point);
            foreach (var (stamp, frame) in packets.OrderBy(p => p.StampNs)) writer.Write(stamp, frame, frame.Length);
            if (finish) writer.Finish(packets.Count + dropped, dropped);
        }

        return stream.ToArray();
    }

    /// <summary>Writes every point's capture as <c>point.pcapng</c>.</summary>
    /// <returns>Point and file, in order of the points' names.</returns>
    public IReadOnlyList<(string Point, string File)> WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        var files = new List<(string, string)>();
        foreach (var point in _points.Keys)
        {
            var file = Path.Combine(directory, point + ".pcapng");
            File.WriteAllBytes(file, ToPcapng(point));
            files.Add((point, file));
        }

        return files;
    }

    private List<(long StampNs, byte[] Frame)> At(string point)
    {
        if (!_points.TryGetValue(point, out var packets)) _points.Add(point, packets = []);
        return packets;
    }
}
