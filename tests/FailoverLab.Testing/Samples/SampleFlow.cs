using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Testing;

/// <summary>One 1 kHz probe flow of a sample run, packet by packet, and everything a result says of it.</summary>
public sealed class SampleFlow
{
    private const long Interval = 1_000_000;
    private const long Bin = 10_000_000;
    private const int GapMargin = 60;
    private readonly List<SamplePacket> _packets = [];

    /// <summary>Sends packets from the start to the end of the run.</summary>
    /// <param name="id">Flow name.</param>
    /// <param name="up">Whether it runs from the site to the business.</param>
    /// <param name="moves">Moves of the working path, in order.</param>
    /// <param name="random">Jitter and loss.</param>
    public SampleFlow(string id, bool up, IReadOnlyList<SampleMove> moves, SeededRandom random)
    {
        Id = id;
        Up = up;
        var lastArrival = 0L;
        for (long sequence = 0; sequence < (SampleRun.DurationNs - 500_000_000) / Interval; sequence++)
        {
            var sent = (sequence * Interval) + 200_000_000 + random.Next(60_000);
            var path = SampleRun.FirstPath;
            foreach (var move in moves.Where(m => sent >= (up ? m.UpNs : m.DownNs)))
            {
                path = move.To;
            }

            var delay = SampleRun.BaseDelayNs[path] + random.Next(path == 0 ? 300_000 : 2_000_000);
            lastArrival = Math.Max(lastArrival + 2_000, sent + delay);
            var lost = SampleRun.IsDropped(path, sent) || random.NextDouble() < SampleRun.LossShare(path, sent);
            _packets.Add(new SamplePacket(sequence, SampleRun.StartNs + sent, lost ? 0 : SampleRun.StartNs + lastArrival, path));
        }
    }

    /// <summary>Flow name.</summary>
    public string Id { get; }

    /// <summary>Whether it runs from the site to the business.</summary>
    public bool Up { get; }

    /// <summary>Every packet in order of sequence.</summary>
    public IReadOnlyList<SamplePacket> Packets => _packets;

    /// <summary>The flow's entry in the result.</summary>
    public FlowSummary Summary()
    {
        var delays = _packets.Where(p => !p.IsLost).Select(p => p.ReceivedNs - p.SentNs).Order().ToList();
        return new FlowSummary
        {
            Id = Id,
            Kind = FlowKind.Probe,
            From = Up ? "traffic" : "business",
            To = Up ? "business" : "traffic",
            IntervalNs = Interval,
            Sent = _packets.Count,
            Received = delays.Count,
            Lost = _packets.Count - delays.Count,
            Duplicates = 0,
            Reordered = 0,
            Late = 0,
            OneWayDelayNs = Delays(delays),
            JitterNs = 612_000,
            Mos = 4.31,
            Series = Series(),
        };
    }

    /// <summary>Smallest, middle, 99th percentile and largest of sorted delays.</summary>
    public static DelaySummary Delays(IReadOnlyList<long> sorted) =>
        new(sorted[0], sorted[sorted.Count / 2], sorted[(int)Math.Ceiling(sorted.Count * 0.99) - 1], sorted[^1]);

    /// <summary>Gaps in which packets were lost and nothing arrived for 10 ms.</summary>
    public IEnumerable<Outage> Outages(IReadOnlyList<string> paths)
    {
        var before = 0;
        for (var i = 1; i < _packets.Count; i++)
        {
            if (_packets[i].IsLost)
            {
                continue;
            }

            var (last, next) = (_packets[before], _packets[i]);
            var silence = next.ReceivedNs - last.ReceivedNs;
            if (i > before + 1 && silence > 10_000_000)
            {
                yield return new Outage
                {
                    Flow = Id,
                    StartNs = last.ReceivedNs,
                    EndNs = next.ReceivedNs,
                    DurationNs = silence - Interval,
                    LowNs = silence - (2 * Interval),
                    HighNs = silence + 60_000,
                    Lost = i - before - 1,
                    Recovered = true,
                    FromPath = paths[last.Path],
                    ToPath = paths[next.Path],
                    Detail = Detail(before, i),
                };
            }

            before = i;
        }
    }

    /// <summary>The move as this flow saw it.</summary>
    public FailoverFlow Saw(SampleMove move)
    {
        var (last, first) = Around(move);
        var lost = _packets.Count(p => p.IsLost && p.Sequence > last.Sequence && p.Sequence < first.Sequence);
        var silence = first.ReceivedNs - last.ReceivedNs - Interval;
        var fault = SampleRun.StartNs + move.CauseNs;
        var byLoss = new MeasuredTime(lost * Interval, Math.Max(0, (lost - 1) * Interval), (lost + 1) * Interval);
        var byTime = new MeasuredTime(silence, silence - Interval, silence + Interval);
        return new FailoverFlow(Id, new FailoverMethods
        {
            LossDerived = byLoss,
            RouteSpecificLossDerived = byLoss,
            PacketLossBased = byLoss,
            TimeBasedLoss = byTime,
            TimestampBased = new MeasuredTime(first.SentNs - last.SentNs - Interval, first.SentNs - last.SentNs - (2 * Interval), first.SentNs - last.SentNs),
            RateDerivedFirst = new MeasuredTime(first.ReceivedNs - fault, first.ReceivedNs - fault - Bin, first.ReceivedNs - fault + Bin),
            RateDerivedFull = new MeasuredTime(first.ReceivedNs - fault + Bin, first.ReceivedNs - fault - Bin, first.ReceivedNs - fault + (2 * Bin)),
        })
        {
            Lost = lost,
        };
    }

    /// <summary>Last packet delivered on the old path and first on the new one.</summary>
    public (SamplePacket Last, SamplePacket First) Around(SampleMove move)
    {
        var turn = SampleRun.StartNs + (Up ? move.UpNs : move.DownNs);
        return (_packets.Last(p => !p.IsLost && p.SentNs < turn), _packets.First(p => !p.IsLost && p.SentNs >= turn));
    }

    private GapDetail Detail(int before, int after)
    {
        var part = _packets[Math.Max(0, before - GapMargin)..Math.Min(_packets.Count, after + GapMargin)];
        return new GapDetail
        {
            Sequence = [.. part.Select(p => p.Sequence)],
            SentNs = [.. part.Select(p => p.SentNs)],
            ReceivedNs = [.. part.Select(p => p.ReceivedNs)],
            Path = [.. part.Select(p => p.Path)],
        };
    }

    private FlowSeries Series()
    {
        var bins = (int)(SampleRun.DurationNs / Bin);
        var sent = new int[bins];
        var received = new int[bins];
        var lost = new int[bins];
        var paths = Enumerable.Repeat(-1, bins).ToArray();
        var delays = new List<long>[bins];
        foreach (var packet in _packets)
        {
            var bin = (int)((packet.SentNs - SampleRun.StartNs) / Bin);
            sent[bin]++;
            paths[bin] = packet.Path;
            delays[bin] ??= [];
            if (packet.IsLost)
            {
                lost[bin]++;
                continue;
            }

            delays[bin].Add(packet.ReceivedNs - packet.SentNs);
            received[Math.Min(bins - 1, (int)((packet.ReceivedNs - SampleRun.StartNs) / Bin))]++;
        }

        return new FlowSeries
        {
            StartNs = SampleRun.StartNs,
            BinNs = Bin,
            Sent = sent,
            Received = received,
            Lost = lost,
            DelayNs = [.. delays.Select(d => d is { Count: > 0 } ? d.Order().ElementAt(d.Count / 2) : -1)],
            Path = paths,
        };
    }
}
