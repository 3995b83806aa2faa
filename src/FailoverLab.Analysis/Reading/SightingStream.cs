using System.Runtime.CompilerServices;
using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>
/// Capture files that continue one another, read as one: batches of sightings in order of time. No packet allocates. Not
/// thread-safe; different streams may be read at the same time.
/// </summary>
internal sealed class SightingStream : IDisposable
{
    private readonly IReadOnlyList<CaptureTally> _files;
    private readonly PointNames _points;
    private readonly CaptureChain _chain;
    private readonly IReadOnlyList<PointClock> _clocks;
    private Interface[] _interfaces = [];
    private int _met;
    private CaptureReader? _reader;
    private int _next;

    /// <summary>Opens the first file that can be read, so that its points are known.</summary>
    /// <param name="chain">The files; their tallies are filled while reading.</param>
    /// <param name="points">Names of points, shared by all streams.</param>
    /// <param name="clocks">Clocks that differ from the reference.</param>
    public SightingStream(CaptureChain chain, PointNames points, IReadOnlyList<PointClock> clocks)
    {
        (_chain, _files, _points, _clocks) = (chain, chain.Files, points, clocks);
        OpenNext();
    }

    /// <summary>Flows seen so far.</summary>
    public FlowIndex Flows { get; } = new();

    /// <summary>Reads on until a batch is full or nothing is left.</summary>
    /// <param name="batch">Emptied, then filled.</param>
    /// <param name="packets">Packets to read at most, of any kind.</param>
    /// <param name="token">Ends the reading early.</param>
    /// <returns>Whether there may be more.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was canceled.</exception>
    public bool Fill(SightingBatch batch, int packets, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        batch.Clear(Flows.Count, packets);
        while (_reader is not null && packets > 0)
        {
            packets -= Fill(batch, _reader, _files[_next - 1], packets);
            if (packets > 0) OpenNext();
        }

        batch.Order();
        return _reader is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();

    private int Fill(SightingBatch batch, CaptureReader reader, CaptureTally tally, int most)
    {
        var before = tally.Packets;
        try
        {
            ReadOn(batch, reader, tally, most);
        }
        catch (IOException fault)
        {
            tally.Fault = fault.Message;
        }

        return (int)(tally.Packets - before);
    }

    /// <summary>The loop over all packets.</summary>
    private void ReadOn(SightingBatch batch, CaptureReader reader, CaptureTally tally, int most)
    {
        var flows = Flows;
        for (var left = most; left > 0 && reader.TryReadNext(out var packet); left--)
        {
            ref readonly var at = ref (uint)packet.InterfaceIndex < (uint)_met ? ref _interfaces[packet.InterfaceIndex] : ref Meet(reader, packet.InterfaceIndex);
            var stamp = packet.StampNs - at.OffsetNs;
            tally.Count(stamp);
            batch.Pass(stamp);
            if (FrameDissector.TryReadPlainProbe(packet, out var probe, out var a, out var b)) Append(batch, tally, flows.NumberOfProbe(probe), stamp, a, b, packet.OriginalLength, at.Point);
            else TakeOther(batch, tally, packet, stamp, at.Point);
        }
    }

    /// <summary>Any packet but a plain probe; apart and by value, so that the loop keeps a probe's figures in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeOther(SightingBatch batch, CaptureTally tally, CapturedPacket packet, long stampNs, int point)
    {
        if (FrameDissector.TryRead(packet, out var key, out var a, out var b)) Append(batch, tally, Flows.NumberOf(key), stampNs, a, b, packet.OriginalLength, point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(SightingBatch batch, CaptureTally tally, int flow, long stampNs, ulong a, ulong b, int length, int point)
    {
        if (flow == FlowIndex.None)
        {
            tally.NotFollowed++;
            return;
        }

        ref var sighting = ref batch.Append(flow);
        (sighting.StampNs, sighting.A, sighting.B) = (stampNs, a, b);
        (sighting.Length, sighting.Point) = (length, point);
    }

    /// <summary>The point and clock of an interface not met before.</summary>
    private ref readonly Interface Meet(CaptureReader reader, int index)
    {
        // A file may describe its many interfaces one by one, each before its first packet.
        if (index >= _interfaces.Length) Array.Resize(ref _interfaces, Math.Max(index + 1, 2 * _interfaces.Length));
        for (; _met <= index; _met++)
        {
            var name = NameOf(reader.Interfaces[_met].Name);
            _interfaces[_met] = new Interface(_points.NumberOf(name), _clocks.FirstOrDefault(c => c.Point == name)?.OffsetNs ?? 0);
        }

        return ref _interfaces[index];
    }

    private string NameOf(string? interfaceName)
    {
        var input = _files[_next - 1].Input;
        if (input.Point is { } given) return given;
        if (interfaceName is null) return _chain.Name;
        return _chain.NamesAreShared ? $"{_chain.Name}.{interfaceName}" : interfaceName;
    }

    /// <summary>Closes the file read to its end and goes on to the next that is a capture.</summary>
    private void OpenNext()
    {
        Close();
        while (_reader is null && _next < _files.Count)
        {
            var tally = _files[_next++];
            tally.Point = tally.Input.Point;
            if (!CaptureReader.TryOpen(tally.Input.File, out _reader, out var error)) (tally.IsReadable, tally.Fault) = (false, error);
            else if (tally.Point is not null) _points.NumberOf(tally.Point);
        }
    }

    private void Close()
    {
        if (_reader is null) return;
        var tally = _files[_next - 1];
        tally.Fault ??= _reader.Fault;
        var interfaces = _reader.Interfaces;
        if (interfaces.Count > 0) Meet(_reader, interfaces.Count - 1);
        var points = new List<int>();
        var seen = new HashSet<int>();
        foreach (ref readonly var met in _interfaces.AsSpan(0, _met))
        {
            if (seen.Add(met.Point)) points.Add(met.Point);
        }

        tally.Points = points.ConvertAll(p => _points[p]);
        if (points.Count == 1 && interfaces[0].Name is not null) tally.Point ??= _points[points[0]];
        tally.Dropped = interfaces.Any(i => i.Dropped is not null) ? interfaces.Sum(i => i.Dropped ?? 0) : null;
        (_interfaces, _met) = ([], 0);
        _reader.Dispose();
        _reader = null;
    }

    private readonly record struct Interface(int Point, long OffsetNs);
}
