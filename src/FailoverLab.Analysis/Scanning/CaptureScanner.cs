using FailoverLab.Packets;
using FailoverLab.Results;

namespace FailoverLab.Analysis;

/// <summary>Reads one capture file into columns. No packet allocates.</summary>
internal sealed class CaptureScanner(CaptureInput input)
{
    private readonly Dictionary<(int Interface, FlowKey Flow), SightingColumn> _columns = [];
    private (int Interface, FlowKey Flow) _lastKey = (-1, default);
    private SightingColumn? _lastColumn;
    private long _packets;
    private long _firstNs = long.MaxValue;
    private long _lastNs = long.MinValue;
    private long _previousNs = long.MinValue;
    private long _largestBackwardNs;

    /// <summary>Reads the file; what cannot be read is said in the result.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was canceled.</exception>
    public static CaptureScan Scan(CaptureInput input, CancellationToken token)
    {
        if (!CaptureReader.TryOpen(input.File, out var reader, out var error))
        {
            return new CaptureScan
            {
                Summary = new CaptureSummary(input.DisplayName, input.Point, 0, null, Truncated: true, null, null),
                IsReadable = false,
                Fault = error,
                Columns = [],
            };
        }

        using (reader)
        {
            return new CaptureScanner(input).Scan(reader, token);
        }
    }

    private CaptureScan Scan(CaptureReader reader, CancellationToken token)
    {
        string? fault = null;
        try
        {
            while (reader.TryReadNext(out var packet))
            {
                if ((_packets & 0xFFFF) == 0) token.ThrowIfCancellationRequested();
                Take(packet);
            }

            fault = reader.Fault;
        }
        catch (IOException failure)
        {
            fault = failure.Message;
        }

        return Result(reader, fault);
    }

    private void Take(in CapturedPacket packet)
    {
        _packets++;
        var stamp = packet.StampNs;
        if (stamp < _previousNs) _largestBackwardNs = Math.Max(_largestBackwardNs, _previousNs - stamp);
        _previousNs = stamp;
        _firstNs = Math.Min(_firstNs, stamp);
        _lastNs = Math.Max(_lastNs, stamp);
        if (!ProbeSighting.TryRead(packet.LinkType, packet.Data, out var sighting)) return;
        var key = (packet.InterfaceIndex, FlowKey.Of(sighting));
        if (key != _lastKey || _lastColumn is null)
        {
            if (!_columns.TryGetValue(key, out _lastColumn)) _columns.Add(key, _lastColumn = new SightingColumn());
            _lastKey = key;
        }

        if (sighting.Probe is { } probe) _lastColumn.Add((long)probe.Sequence, stamp, probe.SentRealtimeNs);
        else _lastColumn.Add(sighting.Tunnel.GetValueOrDefault().Sequence, stamp, stamp);
    }

    private CaptureScan Result(CaptureReader reader, string? fault)
    {
        var names = reader.Interfaces.Select(i => i.Name).ToList();
        var point = input.Point ?? (names.Distinct().Count() == 1 ? names[0] : null);
        long? dropped = reader.Interfaces.Any(i => i.Dropped is not null) ? reader.Interfaces.Sum(i => i.Dropped ?? 0) : null;
        return new CaptureScan
        {
            Summary = new CaptureSummary(
                input.DisplayName,
                point,
                _packets,
                dropped,
                fault is not null,
                _packets > 0 ? _firstNs : null,
                _packets > 0 ? _lastNs : null),
            Fault = fault,
            LargestBackwardNs = _largestBackwardNs,
            Columns = [.. _columns.Select(c => (input.Point ?? names[c.Key.Interface] ?? input.DisplayName, c.Key.Flow, c.Value))],
        };
    }
}
