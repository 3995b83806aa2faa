using FailoverLab.Results;

namespace FailoverLab.Testing;

/// <summary>The parts of a sample run beside its packets: captures, moves, events, files.</summary>
public static class SampleEvidence
{
    /// <summary>Hosts of the lab.</summary>
    public static IReadOnlyList<string> Hosts { get; } = ["traffic", "endpoint", "wan-101", "wan-103", "wan-102", "hub", "router-1", "router-2", "business"];

    private static readonly (string Host, string Step, long AtNs, long LateNs, string Text)[] Steps =
    [
        ("traffic", "captures", 0, 42_000, "start captures at 18 points"),
        ("endpoint", "stack", 0, 61_000, "start the failover stack"),
        ("traffic", "probes", 200_000_000, 18_000, "4 probe flows at 1 kHz"),
        ("wan-103", "drop-starlink-1", 4_000_000_000, 121_000, "silent drop on starlink-1"),
        ("wan-103", "restore-starlink-1", 8_000_000_000, 97_000, "restore starlink-1"),
        ("wan-103", "brownout-starlink-1", 12_000_000_000, 104_000, "loss 15% on starlink-1"),
        ("traffic", "stop-probes", 14_700_000_000, 15_000, "stop probe flows"),
    ];

    /// <summary>Planned and actual start of every step.</summary>
    public static StartSkew Skew() => new(
        Steps.Max(s => s.LateNs),
        [.. Steps.Select(s => new StepStart(s.Host, s.Step, SampleRun.StartNs + s.AtNs, SampleRun.StartNs + s.AtNs + s.LateNs))]);

    /// <summary>One capture at both ends of the way.</summary>
    public static IReadOnlyList<CaptureSummary> Captures(IReadOnlyList<SampleFlow> flows) =>
        [.. new[] { "traffic.lan", "endpoint.sl1", "hub.sl1", "endpoint.sl2", "hub.sl2", "business.core0" }.Select(point => new CaptureSummary(
            $"captures/{point}.pcapng", point, flows.Sum(f => (long)f.Packets.Count), 0, false,
            SampleRun.StartNs + 100_000_000, SampleRun.StartNs + SampleRun.DurationNs - 20_000_000))];

    /// <summary>The move with its anatomy.</summary>
    public static Failover Failover(SampleMove move, IReadOnlyList<SampleFlow> flows)
    {
        var fault = SampleRun.StartNs + move.CauseNs;
        var up = flows.First(f => f.Up).Around(move);
        var down = flows.First(f => !f.Up).Around(move);
        var recovered = flows.Max(f => f.Around(move).First.ReceivedNs);
        var turn = SampleRun.StartNs + move.UpNs;
        List<AnatomyMark> marks = [new(AnatomyMarkKind.Fault, fault)];
        if (move.Kind == FailoverKind.Failover)
        {
            marks.Add(new(AnatomyMarkKind.LastGood, fault - 150_000 + 20_900_000));
            marks.Add(new(AnatomyMarkKind.MissedKeepalive, fault + 27_400_000));
        }

        marks.AddRange(
        [
            new(AnatomyMarkKind.Detected, turn - 900_000),
            new(AnatomyMarkKind.Decided, turn - 640_000),
            new(AnatomyMarkKind.Commanded, turn - 210_000),
            new(AnatomyMarkKind.FirstOnNewPath, up.First.ReceivedNs),
            new(AnatomyMarkKind.ReverseMoved, down.First.ReceivedNs),
            new(AnatomyMarkKind.Recovered, recovered),
        ]);
        return new Failover
        {
            Kind = move.Kind,
            FromPath = SampleRun.Paths[move.From],
            ToPath = SampleRun.Paths[move.To],
            FromRouter = "router-1",
            ToRouter = "router-1",
            Fault = new FaultInstant
            {
                Step = move.Step,
                CommandNs = fault - 60_000,
                AcknowledgedNs = fault,
                PacketsLowNs = fault - 410_000,
                PacketsHighNs = fault + 590_000,
            },
            Flows = [.. flows.Select(f => f.Saw(move))],
            Anatomy = [.. marks.OrderBy(m => m.AtNs)],
        };
    }

    /// <summary>What each path carried.</summary>
    public static IReadOnlyList<PathSummary> PathSummaries(IReadOnlyList<SampleFlow> flows)
    {
        var all = flows.SelectMany(f => f.Packets).ToList();
        return [.. SampleRun.Paths.Select((name, index) => PathSummary(name, all.Where(p => p.Path == index).ToList(), all.Count))];
    }

    /// <summary>The lines of <c>events.ndjson</c>.</summary>
    public static IReadOnlyList<RunEvent> Events()
    {
        var events = new List<RunEvent>
        {
            new() { AtNs = SampleRun.StartNs - 1_200_000_000, Kind = RunEventKind.Run, Text = "armed: 9 hosts, 18 captures" },
            new() { AtNs = SampleRun.StartNs, Kind = RunEventKind.Run, Text = "started" },
        };
        foreach (var (host, step, at, late, text) in Steps)
        {
            var planned = SampleRun.StartNs + at;
            events.Add(new RunEvent
            {
                AtNs = planned + late,
                Kind = RunEventKind.Step,
                Host = host,
                Step = step,
                Text = text,
                PlannedNs = planned,
                SentNs = planned + (late / 2),
                StartedNs = planned + late,
                AcknowledgedNs = planned + late + 60_000,
                ExitStatus = 0,
            });
        }

        foreach (var move in SampleRun.Moves)
        {
            events.Add(Stack(move, "path-down", -900_000));
            events.Add(Stack(move, "switched", -640_000));
        }

        events.Add(new RunEvent { AtNs = SampleRun.StartNs + SampleRun.DurationNs, Kind = RunEventKind.Run, Text = "ended" });
        return [.. events.OrderBy(e => e.AtNs)];
    }

    private static RunEvent Stack(SampleMove move, string name, long offsetNs) => new()
    {
        AtNs = SampleRun.StartNs + move.UpNs + offsetNs,
        Kind = RunEventKind.Stack,
        Host = "endpoint",
        Text = name,
        Data = new Dictionary<string, string> { ["fromPath"] = SampleRun.Paths[move.From], ["toPath"] = SampleRun.Paths[move.To] },
    };

    private static PathSummary PathSummary(string name, List<SamplePacket> packets, int all)
    {
        const long Bin = 10_000_000;
        var delays = packets.Where(p => !p.IsLost).Select(p => p.ReceivedNs - p.SentNs).Order().ToList();
        var series = Enumerable.Repeat(-1L, (int)(SampleRun.DurationNs / Bin)).ToArray();
        foreach (var bin in packets.Where(p => !p.IsLost).GroupBy(p => (int)((p.SentNs - SampleRun.StartNs) / Bin)))
        {
            series[bin.Key] = bin.Select(p => p.ReceivedNs - p.SentNs).Order().ElementAt(bin.Count() / 2);
        }

        return new PathSummary
        {
            Name = name,
            Packets = packets.Count,
            Share = (double)packets.Count / all,
            FlapCount = name == "starlink-1" ? 1 : 0,
            Lost = packets.Count - delays.Count,
            DelayNs = delays.Count == 0 ? null : SampleFlow.Delays(delays),
            DelaySeriesNs = delays.Count == 0 ? null : series,
        };
    }
}
