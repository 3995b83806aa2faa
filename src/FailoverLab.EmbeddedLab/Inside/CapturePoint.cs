using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Packets;

namespace FailoverLab.EmbeddedLab;

/// <summary>One capture: a kernel ring on one interface, written to one pcapng file. Used by the capture thread, made and closed by others.</summary>
internal sealed class CapturePoint : IDisposable
{
    private readonly CaptureRing _ring;
    private readonly PcapngWriter _writer;
    private readonly string _file;
    private long _startRealtimeNs = long.MaxValue;
    private long _written;
    private string? _fault;

    public CapturePoint(string host, string name, NetworkNamespace space, string runDirectory, int snapLength)
    {
        Host = host;
        Name = $"{host}.{name}";
        _file = $"captures/{Name}.pcapng";
        _ring = space.Run(() => CaptureRing.Open(name, snapLength));
        _writer = new PcapngWriter(
            File.Create(Path.Combine(runDirectory, _file)),
            new PcapngDescription(Name, CaptureLinkType.Ethernet, (uint)snapLength)
            {
                OperatingSystem = Environment.OSVersion.VersionString,
                Application = "FailoverLab",
            });
    }

    public string Host { get; }

    public string Name { get; }

    public CaptureRing Ring => _ring;

    /// <summary>Packets stamped before this instant are left out; they came before the step that starts the capture. Set from another thread.</summary>
    public long StartRealtimeNs
    {
        get => Volatile.Read(ref _startRealtimeNs);
        set => Volatile.Write(ref _startRealtimeNs, value);
    }

    /// <summary>Writes what waits in the ring.</summary>
    /// <returns>A fault met for the first time (the disk is full), or <see langword="null"/>.</returns>
    public string? Drain()
    {
        var startNs = StartRealtimeNs;
        while (_ring.TryNext(out var frame))
        {
            if (_fault is not null || frame.RealtimeNs < startNs)
            {
                continue;
            }

            try
            {
                _writer.Write(frame.RealtimeNs, frame.Data, frame.OriginalLength);
                _written++;
            }
            catch (IOException failure)
            {
                _fault = failure.Message;
                return $"capture {Name} ended early: {failure.Message}";
            }
        }

        return null;
    }

    /// <summary>Closes the file with its statistics.</summary>
    public CaptureCount Finish()
    {
        var (received, dropped) = _ring.ReadStatistics();
        try
        {
            if (_fault is null)
            {
                _writer.Finish(received, dropped);
            }

            _writer.Dispose();
        }
        catch (IOException failure)
        {
            _fault ??= failure.Message;
        }

        return new CaptureCount(Name, _file, _written, dropped, _fault);
    }

    public void Dispose() => _ring.Dispose();
}
