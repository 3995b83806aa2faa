using FailoverLab.Results;

namespace FailoverLab.Reports.Tests;

/// <summary>A run small enough to check its figures by eye: ten packets, one every 10 ms, three lost, path a to b.</summary>
internal static class TinyRun
{
    private const long Start = 1_000_000_000_000;

    public static ReportInput Input { get; } = new()
    {
        Name = "tiny",
        Result = Make(),
        Events =
        [
            new RunEvent { AtNs = At(0), Kind = RunEventKind.Step, Step = "probe", Text = "probe at 100 Hz", StartedNs = At(0) },
            new RunEvent { AtNs = At(35), Kind = RunEventKind.Step, Step = "drop-a", Text = "silent drop on a", StartedNs = At(35) },
        ],
    };

    private static RunResult Make() => new()
    {
        StartNs = Start,
        PlannedDurationNs = 100_000_000,
        Paths =
        [
            new PathSummary { Name = "a", Packets = 4, Share = 0.4, DelayNs = new DelaySummary(2_000_000, 2_000_000, 2_000_000, 2_000_000), DelaySeriesNs = [2_000_000, 2_000_000, 2_000_000, 2_000_000, -1, -1, -1, -1, -1, -1] },
            new PathSummary { Name = "b", Packets = 3, Share = 0.3, DelayNs = new DelaySummary(3_000_000, 3_000_000, 3_000_000, 3_000_000), DelaySeriesNs = [-1, -1, -1, -1, -1, -1, -1, 3_000_000, 3_000_000, 3_000_000] },
        ],
        Flows =
        [
            new FlowSummary
            {
                Id = "f",
                Kind = FlowKind.Probe,
                Received = 7,
                Series = new FlowSeries
                {
                    StartNs = Start,
                    BinNs = 10_000_000,
                    Sent = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
                    Received = [1, 1, 1, 1, 0, 0, 0, 1, 1, 1],
                    Lost = [0, 0, 0, 0, 1, 1, 1, 0, 0, 0],
                    DelayNs = [2, 2, 2, 2, -1, -1, -1, 3, 3, 3],
                    Path = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1],
                },
            },
        ],
        Outages =
        [
            new Outage
            {
                Flow = "f",
                StartNs = At(32),
                EndNs = At(73),
                DurationNs = 31_000_000,
                LowNs = 21_000_000,
                HighNs = 41_000_000,
                Lost = 3,
                Recovered = true,
                Detail = new GapDetail
                {
                    Sequence = [2, 3, 4, 5, 6, 7, 8],
                    SentNs = [At(20), At(30), At(40), At(50), At(60), At(70), At(80)],
                    ReceivedNs = [At(22), At(32), 0, 0, 0, At(73), At(83)],
                    Path = [0, 0, 0, 0, 0, 1, 1],
                },
            },
        ],
        Failovers =
        [
            new Failover
            {
                Kind = FailoverKind.Failover,
                FromPath = "a",
                ToPath = "b",
                Fault = new FaultInstant { Step = "drop-a", AcknowledgedNs = At(35) },
                Flows = [],
                Anatomy =
                [
                    new(AnatomyMarkKind.Fault, At(35)), new(AnatomyMarkKind.Detected, At(60)), new(AnatomyMarkKind.Decided, At(61)),
                    new(AnatomyMarkKind.Recovered, At(73)),
                ],
            },
        ],
    };

    private static long At(long milliseconds) => Start + (milliseconds * 1_000_000);
}
