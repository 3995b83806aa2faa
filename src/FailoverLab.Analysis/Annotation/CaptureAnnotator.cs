using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>Copies captures into one, in order of time, with a comment on every packet there is something to say about.</summary>
internal sealed class CaptureAnnotator
{
    private readonly Dictionary<FlowKey, (SequencedTrack Track, FlowVerdicts Verdicts)> _flows = [];
    private readonly Sighting[] _one = new Sighting[1];

    /// <summary>Takes up what a pass over the same captures found.</summary>
    public CaptureAnnotator(CapturePass pass, AnalysisContext context)
    {
        foreach (var lane in pass.Lanes)
        {
            if (lane.Track is not SequencedTrack { Result: { } flow } track) continue;
            track.Restart();
            _flows.Add(lane.Key, (track, new FlowVerdicts(flow, context.Paths)));
        }
    }

    /// <summary>Writes the copy.</summary>
    /// <param name="captures">The captures.</param>
    /// <param name="copy">Where to; the caller disposes it.</param>
    /// <param name="token">Ends the copying early.</param>
    /// <exception cref="IOException">A disk failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was canceled.</exception>
    public void Write(IReadOnlyList<CaptureInput> captures, PcapngWriter copy, CancellationToken token)
    {
        var sources = captures.Select(AnnotatedSource.Open).OfType<AnnotatedSource>().ToList();
        var next = new PriorityQueue<AnnotatedSource, (long, int)>();
        try
        {
            for (var i = 0; i < sources.Count; i++)
            {
                if (sources[i].Advance()) next.Enqueue(sources[i], (sources[i].StampNs, i));
            }

            while (next.TryDequeue(out var source, out var priority))
            {
                token.ThrowIfCancellationRequested();
                copy.Write(source.InterfaceIn(copy), source.StampNs, source.Data, source.OriginalLength, Comment(source));
                if (source.Advance()) next.Enqueue(source, (source.StampNs, priority.Item2));
            }
        }
        finally
        {
            sources.ForEach(s => s.Dispose());
        }
    }

    private string? Comment(AnnotatedSource source)
    {
        var packet = new CapturedPacket(source.StampNs, source.Data, source.OriginalLength, 0, source.LinkType);
        if (!FrameDissector.TryRead(packet, out var key, out var a, out var b) || !_flows.TryGetValue(key, out var flow)) return null;
        _one[0] = new Sighting { StampNs = source.StampNs, A = a, B = b, Length = source.OriginalLength };
        return flow.Track.RowOf(_one) is { } row ? flow.Verdicts.Of(row) : null;
    }
}
