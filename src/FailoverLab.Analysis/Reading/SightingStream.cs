using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>
/// Capture files that continue one another, read as one, in pieces of a file. Not thread-safe; different streams may be read at the
/// same time, and so may parts of one mapped file, by the readers <see cref="Branch"/> gives.
/// </summary>
internal sealed class SightingStream : IDisposable
{
    // The number of a flow whose number in the stream is not known yet.
    private const int Unknown = -2;

    private readonly IReadOnlyList<CaptureTally> _files;
    private readonly PointNames _points;
    private readonly CaptureChain _chain;
    private readonly IReadOnlyList<PointClock> _clocks;
    private readonly ReadingRule _rule;
    private readonly HashSet<int> _known = [];
    private SightingReader? _reading;
    private CaptureReader? _reader;
    private volatile bool _isMapped;
    private int _next;

    /// <summary>Opens the first file that can be read, so that its points are known.</summary>
    /// <param name="chain">The files; their tallies are filled while reading.</param>
    /// <param name="points">Names of points, shared by all streams.</param>
    /// <param name="clocks">Clocks that differ from the reference.</param>
    /// <param name="rule">How large pieces are.</param>
    public SightingStream(CaptureChain chain, PointNames points, IReadOnlyList<PointClock> clocks, ReadingRule rule)
    {
        (_chain, _files, _points, _clocks, _rule) = (chain, chain.Files, points, clocks, rule);
        OpenNext();
    }

    /// <summary>Flows seen so far.</summary>
    public FlowIndex Flows { get; } = new();

    /// <summary>The file being read; absent when there are no more.</summary>
    public CaptureReader? File => _reader;

    /// <summary>The piece of the file that comes next, from 0.</summary>
    public long Piece => _reader!.Position / _rule.PieceBytes;

    /// <summary>Pieces of the file that end before it does, where readers of parts may read it; else 0.</summary>
    public long Parts => _reader?.Mapping is { } mapped ? (mapped.Length - 1) / _rule.PieceBytes : 0;

    /// <summary>The points described by what was read in order so far.</summary>
    public IReadOnlyList<string> Points()
    {
        if (_reader is not null) Meet();
        return [.. _known.Select(p => _points[p])];
    }

    /// <summary>Reads the next piece, in order.</summary>
    /// <param name="batch">Emptied, then filled.</param>
    /// <param name="packets">Packets to expect.</param>
    /// <returns>Whether there may be more of the file.</returns>
    public bool Read(SightingBatch batch, int packets)
    {
        var reader = _reader!;
        batch.Clear(Flows.Count, packets);
        reader.Limit = (Piece + 1) * _rule.PieceBytes;
        try
        {
            _reading!.ReadOn(batch);
        }
        catch (IOException fault)
        {
            _files[_next - 1].Fault = fault.Message;
            return false;
        }
        finally
        {
            batch.Order();
            Take(batch);
        }

        return reader.IsAtLimit;
    }

    /// <summary>A reader for parts of the file.</summary>
    public SightingReader Branch() => new(_reader!.Branch(), new FlowIndex(Flows), Describe) { Numbers = [.. Enumerable.Range(0, Flows.Count)] };

    /// <summary>Reads a part that need not be the next; from any thread.</summary>
    /// <param name="branch">Reads it.</param>
    /// <param name="part">Which.</param>
    /// <param name="start">Where its first packet begins; absent where that is not known yet.</param>
    /// <param name="batch">Emptied, then filled.</param>
    /// <param name="packets">Packets to expect.</param>
    public void ReadPart(SightingReader branch, long part, long? start, SightingBatch batch, int packets)
    {
        batch.Clear(branch.Flows.Count, packets);
        var reader = branch.Reader;
        var begin = start ?? reader.FindRecord(part * _rule.PieceBytes);
        if (begin < 0) return;
        reader.Limit = (part + 1) * _rule.PieceBytes;
        reader.GoTo(begin, !_isMapped);
        branch.ReadOn(batch);
        batch.Order();
        batch.Ends = new PartEnds(reader.IsAtLimit && reader.Fault is null && batch.NotFollowed == 0, begin, reader.Position, branch.Epoch);
    }

    /// <summary>Takes a part for the next piece, if it is that.</summary>
    /// <returns>Whether it was; else the piece is still to be read.</returns>
    public bool TryTake(SightingReader branch, SightingBatch batch)
    {
        var ends = batch.Ends;
        if (!ends.IsWhole || ends.Start != _reader!.Position || ends.Epoch != _reader.Epoch) return false;
        _reader.GoTo(ends.End);
        foreach (var flow in batch.Flows)
        {
            if (flow < branch.Numbers.Length && branch.Numbers[flow] != Unknown) continue;
            branch.Numbers = WithRoom(branch.Numbers, flow);
            branch.Numbers[flow] = Flows.NumberOf(branch.Flows[flow]);
        }

        batch.Numbers = branch.Numbers;
        foreach (var flow in batch.Flows)
        {
            if (batch.Numbers[flow] == FlowIndex.None) batch.NotFollowed += batch[flow].Length;
        }

        Take(batch);
        return true;
    }

    /// <summary>Gives back what lies behind, and looks whether parts are better read than mapped from here on.</summary>
    public void Check()
    {
        var (mapped, at) = (_reader!.Mapping!, Piece * _rule.PieceBytes);
        mapped.Release(0, at);
        _isMapped = _rule.MapsParts && mapped.IsCheap(at);
    }

    /// <summary>Closes the file read to its end and goes on to the next that is a capture.</summary>
    public void OpenNext()
    {
        Close();
        while (_reader is null && _next < _files.Count)
        {
            var tally = _files[_next++];
            tally.Point = tally.Input.Point;
            if (!CaptureReader.TryOpen(tally.Input.File, _rule.LeastMapped ?? CaptureReader.MinMapped, out _reader, out var error)) (tally.IsReadable, tally.Fault) = (false, error);
            else if (tally.Point is not null) _known.Add(_points.NumberOf(tally.Point));
        }

        _reading = _reader is null ? null : new SightingReader(_reader, Flows, Describe);
    }

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();

    /// <summary>Meets the interfaces described so far.</summary>
    private void Meet()
    {
        if (_reader!.Interfaces is { Count: > 0 } interfaces) _reading!.Meet(interfaces.Count - 1);
        foreach (ref readonly var place in _reading!.Places) _known.Add(place.Point);
    }

    private static int[] WithRoom(int[] numbers, int flow)
    {
        if (flow < numbers.Length) return numbers;
        var grown = new int[Math.Max(flow + 1, numbers.Length * 2)];
        numbers.CopyTo(grown, 0);
        Array.Fill(grown, Unknown, numbers.Length, grown.Length - numbers.Length);
        return grown;
    }

    private void Take(SightingBatch batch)
    {
        var tally = _files[_next - 1];
        tally.Stamps.Add(batch.Stamps);
        tally.NotFollowed += batch.NotFollowed;
    }

    /// <summary>The point and clock of an interface.</summary>
    private SightingReader.Place Describe(string? interfaceName)
    {
        var name = NameOf(interfaceName);
        return new SightingReader.Place(_points.NumberOf(name), _clocks.FirstOrDefault(c => c.Point == name)?.OffsetNs ?? 0);
    }

    private string NameOf(string? interfaceName)
    {
        var input = _files[_next - 1].Input;
        if (input.Point is { } given) return given;
        if (interfaceName is null) return _chain.Name;
        return _chain.NamesAreShared ? $"{_chain.Name}.{interfaceName}" : interfaceName;
    }

    private void Close()
    {
        if (_reader is null) return;
        var tally = _files[_next - 1];
        tally.Fault ??= _reader.Fault;
        Meet();
        var interfaces = _reader.Interfaces;
        var points = new List<int>();
        var seen = new HashSet<int>();
        foreach (ref readonly var place in _reading!.Places)
        {
            if (seen.Add(place.Point)) points.Add(place.Point);
        }

        tally.Points = points.ConvertAll(p => _points[p]);
        if (points.Count == 1 && interfaces[0].Name is not null) tally.Point ??= _points[points[0]];
        tally.Dropped = interfaces.Any(i => i.Dropped is not null) ? interfaces.Sum(i => i.Dropped ?? 0) : null;
        _reader.Dispose();
        _reader = null;
    }
}
