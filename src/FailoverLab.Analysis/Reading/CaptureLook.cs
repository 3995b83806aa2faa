using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>What a file shows before it is read: its first stamp, its interfaces, and some of its packets, by which it is told from others.</summary>
internal sealed class CaptureLook
{
    private const int Sampled = 64;
    private const int TellingShared = 3;
    private const int MostRead = 4096;

    private readonly string _file;
    private readonly HashSet<(FlowKey Flow, ulong A, ulong B)> _sample = [];

    private CaptureLook(string file) => _file = file;

    /// <summary>Whether it could be looked at: a pipe can be read only once, and is not.</summary>
    public bool IsKnown { get; private init; }

    /// <summary>Stamp of its first packet, ns since the Unix epoch; <see cref="long.MaxValue"/> where there is none.</summary>
    public long FirstNs { get; private set; } = long.MaxValue;

    /// <summary>Names of the interfaces described before that.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Looks at a file.</summary>
    public static CaptureLook At(string file)
    {
        var look = new CaptureLook(file) { IsKnown = CaptureLocation.CanBeReadAgain(file) };
        if (!look.IsKnown) return look;
        Each(file, (reader, packet) =>
        {
            look.FirstNs = packet.StampNs;
            look.Names = [.. reader.Interfaces.Select(i => i.Name).OfType<string>()];
            return false;
        });
        return look;
    }

    /// <summary>Whether every packet is stamped no later than the first of a file that comes after it.</summary>
    public bool EndsBefore(CaptureLook next)
    {
        var ends = true;
        Each(_file, (_, packet) => ends = packet.StampNs <= next.FirstNs);
        return ends;
    }

    /// <summary>Whether two files hold packets, and none of either's first ones is in the other: then they are not of two points that the same packets passed.</summary>
    public bool IsApartFrom(CaptureLook other)
    {
        Sample();
        other.Sample();
        return _sample.Count > 0 && other._sample.Count > 0 && !Holds(other) && !other.Holds(this);
    }

    /// <summary>Whether it holds a good part of another's first packets. Some are alike every day.</summary>
    private bool Holds(CaptureLook other)
    {
        var wanted = Math.Min(TellingShared, (other._sample.Count + 1) / 2);
        var found = new HashSet<(FlowKey Flow, ulong A, ulong B)>();
        Each(_file, (_, packet) =>
        {
            if (FrameDissector.TryRead(packet, out var key, out var a, out var b) && other._sample.Contains((key, a, b))) found.Add((key, a, b));
            return found.Count < wanted;
        });
        return found.Count >= wanted;
    }

    private void Sample()
    {
        var read = 0;
        if (_sample.Count > 0) return;
        Each(_file, (_, packet) =>
        {
            if (FrameDissector.TryRead(packet, out var key, out var a, out var b) && (a | b) != 0) _sample.Add((key, a, b));
            return _sample.Count < Sampled && ++read < MostRead;
        });
    }

    private static void Each(string file, Visit visit)
    {
        if (!CaptureReader.TryOpen(file, out var reader, out _)) return;
        using (reader)
        {
            try
            {
                while (reader.TryReadNext(out var packet) && visit(reader, packet))
                {
                }
            }
            catch (IOException)
            {
                // What came before is what is known; whoever reads the file is told.
            }
        }
    }

    /// <summary>Takes a packet.</summary>
    /// <returns>Whether to go on.</returns>
    private delegate bool Visit(CaptureReader reader, CapturedPacket packet);
}
