namespace FailoverLab.Analysis;

/// <summary>
/// Tells which path carried each probe of a flow through a tunnel that cannot be read, from packet lengths and times alone
/// (docs/MEASUREMENT.md, Provenance). One flow in one direction; packets and probes are added in order of time, and only a bounded part of
/// them is held. Not thread-safe.
/// </summary>
public sealed class ProvenanceMatcher
{
    /// <summary>Most paths one matcher takes.</summary>
    public const int MostPaths = 8;

    private const long SlackNs = 600_000_000;

    private readonly ProvenanceOptions _options;
    private readonly PathModel[] _models;
    private readonly PathLedger[] _ledgers;
    private readonly BlockMatcher _matcher;
    private readonly Action<ProbeProvenance> _decided;
    private readonly ProbePassage[] _probes;
    private int _count;

    /// <summary>Begins a flow.</summary>
    /// <param name="paths">Paths with a capture, 1..<see cref="MostPaths"/>.</param>
    /// <param name="options">What is known before.</param>
    /// <param name="decided">Takes every probe once it is decided, in order of sequence.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="paths"/> is out of range.</exception>
    public ProvenanceMatcher(int paths, ProvenanceOptions options, Action<ProbeProvenance> decided)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(paths, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(paths, MostPaths);
        (_options, _decided) = (options, decided);
        _models = [.. Enumerable.Range(0, paths).Select(_ => new PathModel())];
        _ledgers = [.. Enumerable.Range(0, paths).Select(_ => new PathLedger())];
        _matcher = new BlockMatcher(options, _models, _ledgers);
        _probes = new ProbePassage[options.BlockProbes + (options.BlockProbes / 2)];
    }

    /// <summary>Adds a packet seen on a path in the flow's direction; other traffic may be among them.</summary>
    /// <param name="path">The path, from 0.</param>
    /// <param name="stampNs">Its stamp.</param>
    /// <param name="length">Its length on the wire, bytes; what counts from is the same for all packets of a path.</param>
    public void AddPacket(int path, long stampNs, int length) => _ledgers[path].Add(stampNs, length);

    /// <summary>Adds a probe, in order of sequence; every packet stamped up to its entry and <see cref="ProvenanceOptions.LongestTransitNs"/>
    /// must have been added before.</summary>
    public void AddProbe(in ProbePassage probe)
    {
        _probes[_count++] = _options.HasExits ? probe : probe with { ExitNs = probe.EntryNs };
        if (_count == _probes.Length) Decide(_options.BlockProbes);
    }

    /// <summary>Decides all that is left.</summary>
    public void Finish()
    {
        if (_count > 0) Decide(_count);
    }

    /// <summary>Bytes the tunnel adds to a packet on a path; <see langword="null"/> where the flow was never found.</summary>
    /// <param name="path">The path, from 0.</param>
    public int? OverheadOf(int path) => _models[path].Overheads is [var first, ..] ? first : null;

    private void Decide(int decide)
    {
        var firstNs = _probes[0].EntryNs - _options.ClockBoundNs - SlackNs;
        foreach (var ledger in _ledgers) ledger.Prepare(firstNs);
        _matcher.Match(_probes.AsSpan(0, _count), decide, _decided);
        Array.Copy(_probes, decide, _probes, 0, _count - decide);
        _count -= decide;
    }
}
