using FailoverLab.Analysis;
using FailoverLab.Emulator;
using FailoverLab.Packets;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Runner.Tests;

/// <summary>
/// One cut of the real gauge switch in virtual time: a flow with a sender that is sometimes late, two paths of random delay with some
/// jitter, and what captures at both ends and on both sides of both paths would hold. Everything comes from the seed.
/// </summary>
internal sealed class VirtualGauge
{
    private const long T0 = 1_763_700_000_000_000_000;
    private const long Us = 1_000;
    private const long Ms = 1_000_000;
    private const long PauseEveryNs = 20 * Ms;
    private static readonly FlowContext Flow = new(1, "flow", null, null, "sender.out", "receiver.in");
    private static readonly PathContext[] Paths = [new("a", "site.a", "far.a"), new("b", "site.b", "far.b")];
    private readonly SeededRandom _random;
    private readonly CaptureBuilder _captures = new CaptureBuilder().Declare("sender.out", "receiver.in", "site.a", "site.b", "far.a", "far.b");
    private readonly long[] _delayNs = new long[2];
    private readonly long[] _lastExitNs = new long[2];
    private readonly SeededRandom _pauses;
    private readonly long _longestPauseNs;

    /// <summary>Draws it.</summary>
    /// <param name="seed">Equal seeds give equal cuts; those of the senders, paths and packets do not depend on the pauses.</param>
    /// <param name="longestPause">How late a path that pauses hands its packets on at most; one pauses every 20 ms in the mean. Zero for none.</param>
    public VirtualGauge(ulong seed, TimeSpan longestPause = default)
    {
        _random = new SeededRandom(seed);
        _pauses = _random.Split("pauses of paths");
        _longestPauseNs = longestPause.Ticks * TimeSpan.NanosecondsPerTick;
        IntervalNs = (long)(100 * Us * Math.Pow(50, _random.NextDouble()));
        var interval = TimeSpan.FromTicks(IntervalNs / TimeSpan.NanosecondsPerTick);
        IntervalNs = interval.Ticks * TimeSpan.NanosecondsPerTick;
        var cuts = GaugeSchedule.Draw(_random.Split("cuts"), 1, gap: null, interval);
        _delayNs[0] = Between(100 * Us, 60 * Ms);

        // Not so much shorter a way that packets on it overtake those before the gap.
        _delayNs[1] = Between(Math.Max(100 * Us, _delayNs[0] - (cuts[0].GapNs / 2)), _delayNs[0] + (20 * Ms));
        Truth = new GaugeTruth(T0 + cuts[0].CutNs, cuts[0].GapNs, "a", "b", _delayNs[1] - _delayNs[0]);
        Send(new GaugeSwitch([cuts[0].After(T0)]), T0 + GaugeSchedule.EndNs(cuts, interval));
    }

    /// <summary>Sending interval, 100 us to 5 ms.</summary>
    public long IntervalNs { get; }

    public GaugeTruth Truth { get; }

    /// <summary>What is found in the captures.</summary>
    /// <param name="points">The points captured.</param>
    public RunResult Analyze(params string[] points)
    {
        var directory = Directory.CreateTempSubdirectory("failoverlab-gauge");
        try
        {
            var inputs = _captures.WriteTo(directory.FullName)
                .Where(f => points.Length == 0 || points.Contains(f.Point))
                .Select(f => new CaptureInput(f.File, Path.GetFileName(f.File)))
                .ToList();
            return CaptureAnalyzer.Analyze(inputs, new AnalysisContext { Flows = [Flow], Paths = Paths }, CancellationToken.None);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private void Send(GaugeSwitch gauge, long endNs)
    {
        var (lastNs, awakeNs) = (0L, 0L);
        ulong sequence = 0;
        for (var dueNs = T0; dueNs < endNs; dueNs += IntervalNs, sequence++)
        {
            // One packet in two hundred finds the sender stalled; it and those that come due meanwhile go out at once.
            if (_random.Next(200) == 0)
            {
                awakeNs = dueNs + Between(IntervalNs, 8 * IntervalNs);
            }

            var sentNs = Math.Max(Math.Max(dueNs + Between(0, IntervalNs / 20), awakeNs), lastNs + (2 * Us));
            lastNs = sentNs;
            Cross(gauge, gauge.TargetAt(sentNs), sequence, sentNs);
        }
    }

    private void Cross(GaugeSwitch gauge, int path, ulong sequence, long sentNs)
    {
        var frame = FrameBuilder.Probe(new ProbeHeader(Flow.Id, sequence, sentNs - Us, 0));
        var entryNs = sentNs + Between(1 * Us, 2 * Us);
        _captures.Add(Flow.SentPoint!, sentNs, frame).Add(Paths[path].SitePoint, entryNs, frame);
        var gateNs = entryNs + Between(0, Us / 2);
        if (gauge.PathAt(gateNs) != path)
        {
            return;
        }

        _lastExitNs[path] = Math.Max(_lastExitNs[path], gateNs + _delayNs[path] + Between(0, IntervalNs / 5));
        if (_longestPauseNs > 0 && _pauses.NextDouble() < IntervalNs / (double)PauseEveryNs)
        {
            // What comes due meanwhile comes out when it is over, all at once.
            _lastExitNs[path] += (long)(_pauses.NextDouble() * _longestPauseNs);
        }

        _captures.Add(Paths[path].FarPoint!, _lastExitNs[path], frame).Add(Flow.ReceivedPoint!, _lastExitNs[path] + (3 * Us), frame);
    }

    private long Between(long least, long most) => least + (long)(_random.NextDouble() * (most - least));
}
