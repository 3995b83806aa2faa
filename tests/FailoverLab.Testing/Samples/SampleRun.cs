using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Testing;

/// <summary>
/// A realistic run record without a run: 15 s, four probe flows, a silent drop of starlink-1 at 4 s (failover), its restore at 8 s
/// (reversion at 10 s), 15 % loss on it at 12 s (second failover). Every figure is counted from simulated packets; equal seeds give
/// equal records.
/// </summary>
public static class SampleRun
{
    /// <summary>T+0: 2026-11-21T03:12:03Z.</summary>
    public const long StartNs = 1795230723_000_000_000L;

    /// <summary>Length of the run, ns.</summary>
    public const long DurationNs = 15_000_000_000;

    /// <summary>Index of the path that works at first.</summary>
    public const int FirstPath = 1;

    private const long DropNs = 4_000_180_000;
    private const long RestoreNs = 8_000_150_000;
    private const long BrownoutNs = 12_000_160_000;

    /// <summary>Path names in order of the topology.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["byu", "starlink-1", "starlink-2"];

    /// <summary>Fixed one-way delay per path, ns.</summary>
    public static IReadOnlyList<long> BaseDelayNs { get; } = [4_000_000, 20_000_000, 22_000_000];

    /// <summary>Moves of the working path.</summary>
    public static IReadOnlyList<SampleMove> Moves { get; } =
    [
        new(FailoverKind.Failover, 1, 2, "drop-starlink-1", DropNs, 4_058_300_000, 4_060_700_000),
        new(FailoverKind.Reversion, 2, 1, "restore-starlink-1", RestoreNs, 10_011_200_000, 10_033_900_000),
        new(FailoverKind.Failover, 1, 2, "brownout-starlink-1", BrownoutNs, 12_412_600_000, 12_436_100_000),
    ];

    /// <summary>Whether a packet that enters <paramref name="path"/> at <paramref name="atNs"/> after the start is dropped silently.</summary>
    public static bool IsDropped(int path, long atNs) => path == 1 && atNs is >= DropNs and < RestoreNs;

    /// <summary>Share of packets lost at random.</summary>
    public static double LossShare(int path, long atNs) => path == 1 && atNs >= BrownoutNs ? 0.15 : 0;

    /// <summary>The run's flows, packet by packet.</summary>
    public static IReadOnlyList<SampleFlow> Flows(ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. new[] { "probe-v4-up", "probe-v4-down", "probe-v6-up", "probe-v6-down" }
            .Select(id => new SampleFlow(id, id.EndsWith("up", StringComparison.Ordinal), Moves, random.Split(id)))];
    }

    /// <summary>The run record.</summary>
    /// <param name="seed">Of jitter and loss.</param>
    public static RunResult Build(ulong seed = 7)
    {
        var flows = Flows(seed);
        var outages = flows.SelectMany(f => f.Outages(Paths)).OrderBy(o => o.StartNs).ToList();
        var worst = outages.MaxBy(o => o.DurationNs)!;
        var lost = flows.Sum(f => f.Packets.Count(p => p.IsLost));
        return new RunResult
        {
            Scenario = "starlink-drop",
            RunId = "20261121-031203-starlink-drop",
            StartedAt = "2026-11-21T03:12:03Z",
            StartNs = StartNs,
            PlannedDurationNs = DurationNs,
            Seed = seed,
            Verdict = Verdict.Pass,
            Restored = true,
            Environment = new RunEnvironment("FailoverLab 0.1.0", "Linux 6.1.0-18-amd64", ".NET 10.0.0", 2, "root"),
            Clock = new ClockReport("this machine", [.. SampleEvidence.Hosts.Select(h => new HostClock(h, 0, 0))]),
            StartSkewNs = SampleEvidence.Skew(),
            Captures = SampleEvidence.Captures(flows),
            Flows = [.. flows.Select(f => f.Summary())],
            Outages = outages,
            Failovers = [.. Moves.Select(m => SampleEvidence.Failover(m, flows))],
            Paths = SampleEvidence.PathSummaries(flows),
            Expectations =
            [
                new("no outage is longer than 100 ms", $"{worst.DurationNs / 1e6:0.0} ms [{worst.LowNs / 1e6:0.0}, {worst.HighNs / 1e6:0.0}]", "at most 100 ms", "ms", Verdict.Pass),
                new("at most 600 packets are lost", $"{lost}", "at most 600", "packets", lost <= 600 ? Verdict.Pass : Verdict.Fail),
                new("the path between 5s and 8s is starlink-2", "starlink-2", "starlink-2", "path", Verdict.Pass),
                new("the path between 10.5s and 12s is starlink-1", "starlink-1", "starlink-1", "path", Verdict.Pass),
                new("captures drop nothing", "0", "at most 0", "packets", Verdict.Pass),
            ],
            Caveats = [new("one-kernel", "All namespaces share one kernel clock, so one-way delays carry no clock error; they carry the scheduler's.", ["oneWayDelayNs"])],
        };
    }
}
