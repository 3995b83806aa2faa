using FailoverLab.Packets;
using FailoverLab.Results;
using FailoverLab.Testing;

namespace FailoverLab.Analysis.Tests;

/// <summary>Captures of hosts whose clocks are wrong by what only the test knows.</summary>
public sealed class ClockCrossCheckTests
{
    private const long T0 = 1_763_700_000_000_000_000;
    private const long Ms = 1_000_000;
    private const long Second = 1_000_000_000;
    private static readonly PathContext Path = new("one", "wan.lan", "wan.wan");
    private static readonly FlowContext Up = new(1, "up", "a", "b", "a.x", "b.x");
    private static readonly FlowContext Down = new(2, "down", "b", "a", "b.x", "a.x");

    [Test]
    public void Analyze_HostsClocksDifferAndDrift_TruthLiesInEveryInterval([Range(1, 12)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var lab = new Lab(seed);

        var result = lab.Send(Up, Down).Analyze();

        Assert.That(result.Clock!.Hosts.Select(h => h.Host), Is.EquivalentTo(Lab.Hosts));
        foreach (var host in result.Clock.Hosts)
        {
            var told = host.PacketOffset!;
            TestContext.Out.WriteLine($"{host.Host}: {(told.OffsetNs - lab.Offset(host.Host, told.AtNs)) / 1e3:0} us off, {(told.HighNs - told.LowNs) / 1e3:0} us wide, against {told.Against}, {told.DriftPpm:0.0} ppm");
            Assert.That(lab.Offset(host.Host, told.AtNs), Is.InRange(told.LowNs, told.HighNs), host.Host);
            Assert.That(told.Packets, Is.GreaterThan(1000));
            Assert.That(told.DriftPpm, Is.InRange(told.DriftLowPpm!, told.DriftHighPpm!));
            Assert.That(lab.Ppm(host.Host) - lab.Ppm(told.Against), Is.InRange(told.DriftLowPpm!.Value - 0.1, told.DriftHighPpm!.Value + 0.1));
        }

        Assert.That(result.Caveats.Select(c => c.Code), Does.Not.Contain("clocks-contradict"));
    }

    [Test]
    public void Analyze_MeasuredOffsetIsWrong_CaveatNamesBothHosts()
    {
        var lab = new Lab(1) { WrongNs = 40 * Ms };

        var result = lab.Send(Up, Down).Analyze();

        var caveats = result.Caveats.Where(c => c.Code == "clocks-contradict").ToList();
        Assert.That(caveats.Select(c => string.Join(' ', c.Affects)), Is.EquivalentTo(new[] { "b a", "wan b" }), "b's clock was measured wrongly, that of the link's host and of a were not");
        Assert.That(caveats[0].Text, Does.Contain("b was").And.Contain("a was").And.Contain("further ahead than was measured"));
        var b = result.Clock!.Hosts.Single(h => h.Host == "b");
        Assert.That(lab.Offset("b", b.PacketOffset!.AtNs), Is.InRange(b.PacketOffset.LowNs, b.PacketOffset.HighNs), "packets know better");
        Assert.That(result.Clock.Hosts.Where(h => h.Host != "b").Select(h => h.PacketOffset!.Against), Has.None.EqualTo("b"), "whose own measurement is in doubt");
        Assert.That(b.PacketOffset.LowNs > b.OffsetNs + b.BoundNs || b.PacketOffset.HighNs < b.OffsetNs - b.BoundNs, Is.True);
    }

    [Test]
    public void Analyze_ClockSteppedForAWhile_CaveatSaysWhen()
    {
        var lab = new Lab(2) { StepNs = 300 * Ms };

        var result = lab.Send(Up, Down).Analyze();

        var caveats = result.Caveats.Where(c => c.Code == "clocks-contradict").ToList();
        Assert.That(caveats.Select(c => string.Join(' ', c.Affects)), Is.EquivalentTo(new[] { "b a", "wan b" }));
        Assert.That(caveats[0].Text, Does.Match("first at T\\+[34][.0-9]*s"));
        Assert.That(result.Clock!.Hosts.Single(h => h.Host == "b").PacketOffset, Is.Null, "nothing can be said of a clock that was two clocks");
        Assert.That(result.Clock.Hosts.Single(h => h.Host == "a").PacketOffset!.Against, Is.EqualTo("wan"));
    }

    [Test]
    public void Analyze_OneDirectionAlone_SaysNothing() =>
        Assert.That(new Lab(3).Send(Up).Analyze().Clock!.Hosts.Select(h => h.PacketOffset), Is.All.Null);

    [Test]
    public void Analyze_CopiesOverASlowerWayToo_AreNotTakenForDelays()
    {
        // The copy over the other path is under way when the first has arrived: by its stamps it would have left after it came.
        var lab = new Lab(4) { CopiesOver = new PathContext("two", "slow.lan", "slow.wan") };

        var result = lab.Send(Up, Down).Analyze();

        Assert.That(result.Caveats.Select(c => c.Code), Does.Not.Contain("clocks-contradict"));
        Assert.That(lab.Offset("a", T0), Is.InRange(Told(result, "a").LowNs - Ms, Told(result, "a").HighNs + Ms));
    }

    [Test]
    public void Analyze_EndsAreOnlyGuessed_SaysNothing() =>
        Assert.That(new Lab(5).Send(Up, Down).Analyze(planned: false).Clock!.Hosts.Select(h => h.PacketOffset), Is.All.Null, "who saw a packet first was read from the very clocks");

    [Test]
    public void Analyze_OneKernelClock_HasNoReport() =>
        Assert.That(new Lab(6).Send(Up, Down).Analyze(clocks: false).Clock, Is.Null);

    private static PacketOffset Told(RunResult result, string host) => result.Clock!.Hosts.Single(h => h.Host == host).PacketOffset!;

    /// <summary>Two ends and the host of a link between them, each with a clock of its own, and ways with jitter and asymmetry.</summary>
    private sealed class Lab
    {
        public static readonly string[] Hosts = ["a", "b", "wan"];
        private const long Length = 8 * Second;
        private readonly Random _random;
        private readonly CaptureBuilder _captures = new();
        private readonly Dictionary<string, (long OffsetNs, double Rate)> _clocks;
        private readonly Dictionary<string, long> _wrongNs;
        private readonly long[] _leastNs;

        public Lab(int seed)
        {
            _random = new Random(seed);
            _clocks = Hosts.Append("slow").ToDictionary(h => h, _ => (_random.NextInt64(-7200 * Second, 7200 * Second), (_random.NextDouble() - 0.5) * 100e-6));
            _wrongNs = _clocks.Keys.ToDictionary(h => h, _ => _random.NextInt64(-100_000, 100_000));
            _leastNs = [_random.Next((int)(20 * Ms)), _random.Next((int)(20 * Ms))];
        }

        /// <summary>How wrong the measured offset of b is.</summary>
        public long WrongNs { get; init; }

        /// <summary>How far b's clock is ahead from the 4th to the 6th second, in addition.</summary>
        public long StepNs { get; init; }

        public PathContext? CopiesOver { get; init; }

        public double Ppm(string host) => _clocks[host].Rate * 1e6;

        public long Offset(string host, long atNs) =>
            _clocks[host].OffsetNs + (long)(_clocks[host].Rate * (atNs - T0)) + (host == "b" && atNs - T0 >= 3 * Second && atNs - T0 < 5 * Second ? StepNs : 0);

        public Lab Send(params FlowContext[] flows)
        {
            foreach (var flow in flows)
            {
                var isUp = flow.Id == Up.Id;
                for (var i = 0; i < Length / (4 * Ms); i++)
                {
                    var frame = FrameBuilder.Probe(new ProbeHeader(flow.Id, (ulong)i, T0, 0));
                    var at = T0 + (i * 4 * Ms);
                    Cross(Path, frame, at, isUp, _leastNs[isUp ? 0 : 1], flow);
                    if (CopiesOver is { } other && i % 3 == 0) Cross(other, frame, at, isUp, 200 * Ms, flow);
                }
            }

            return this;
        }

        public RunResult Analyze(bool planned = true, bool clocks = true)
        {
            var directory = Directory.CreateTempSubdirectory("failoverlab-clocks");
            try
            {
                var inputs = _captures.WriteTo(directory.FullName).Select(f => new CaptureInput(f.File, System.IO.Path.GetFileName(f.File))).ToList();
                return CaptureAnalyzer.Analyze(inputs, new AnalysisContext
                {
                    Flows = planned ? [Up, Down] : [],
                    Paths = CopiesOver is null ? [Path] : [Path, CopiesOver],
                    Clocks = clocks ? [.. _captures.Points.Select(Clock)] : [],
                    StartNs = T0,
                }, CancellationToken.None);
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }

        /// <summary>As the exchange over the channel would have it: wrong by less than its bound, which covers the drift.</summary>
        private PointClock Clock(string point)
        {
            var host = point.Split('.')[0];
            return new PointClock(point, Offset(host, T0) + _wrongNs[host] + (host == "b" ? WrongNs : 0), 200_000 + (long)(50e-6 * Length)) { Host = host };
        }

        private void Cross(PathContext path, byte[] frame, long sentNs, bool isUp, long leastNs, FlowContext flow)
        {
            var (entry, exit) = isUp ? (path.SitePoint, path.FarPoint!) : (path.FarPoint!, path.SitePoint);
            var entered = sentNs + Queue();
            var left = entered + leastNs + Queue();
            See(flow.SentPoint!, sentNs, frame);
            See(entry, entered, frame);
            See(exit, left, frame);
            See(flow.ReceivedPoint!, left + Queue(), frame);
        }

        private long Queue() => 30_000 + (long)(-Math.Log(1 - _random.NextDouble()) * Ms);

        private void See(string point, long atNs, byte[] frame) => _captures.Add(point, atNs + Offset(point.Split('.')[0], atNs), frame);
    }
}
