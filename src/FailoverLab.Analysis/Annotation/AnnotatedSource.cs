using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>One capture file being copied: its current packet in a buffer of its own, so that several files can be merged by time.</summary>
internal sealed class AnnotatedSource : IDisposable
{
    private readonly CaptureReader _reader;
    private readonly CaptureInput _input;
    private readonly List<int> _interfaces = [];
    private byte[] _data = new byte[2048];

    private AnnotatedSource(CaptureReader reader, CaptureInput input) => (_reader, _input) = (reader, input);

    /// <summary>Stamp of the current packet, ns since the Unix epoch.</summary>
    public long StampNs { get; private set; }

    /// <summary>Its bytes on the wire.</summary>
    public int OriginalLength { get; private set; }

    /// <summary>What its frame starts with.</summary>
    public CaptureLinkType LinkType { get; private set; }

    /// <summary>Its captured bytes.</summary>
    public ReadOnlySpan<byte> Data => _data.AsSpan(0, Length);

    private int Length { get; set; }

    private int Interface { get; set; }

    /// <summary>Opens a file; absent where it is no capture.</summary>
    public static AnnotatedSource? Open(CaptureInput input) =>
        CaptureReader.TryOpen(input.File, out var reader, out _) ? new AnnotatedSource(reader, input) : null;

    /// <summary>Goes on to the next packet.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Advance()
    {
        if (!_reader.TryReadNext(out var packet)) return false;
        (StampNs, OriginalLength, LinkType, Interface, Length) = (packet.StampNs, packet.OriginalLength, packet.LinkType, packet.InterfaceIndex, packet.Data.Length);
        if (Length > _data.Length) Array.Resize(ref _data, Length);
        packet.Data.CopyTo(_data);
        return true;
    }

    /// <summary>The current packet's interface in the copy; one met for the first time is described there.</summary>
    public int InterfaceIn(PcapngWriter copy)
    {
        while (_interfaces.Count <= Interface)
        {
            var own = _reader.Interfaces[_interfaces.Count];
            _interfaces.Add(copy.AddInterface(new CaptureInterface
            {
                Name = _input.Point ?? own.Name ?? Path.GetFileName(_input.DisplayName),
                LinkType = own.LinkType,
                SnapLength = own.SnapLength,
            }));
        }

        return _interfaces[Interface];
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
