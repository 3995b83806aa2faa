using System.Text.Json;
using FailoverLab.Primitives;
using FailoverLab.Results;

namespace FailoverLab.Analysis.Tests;

public sealed class SteadyRunTests
{
    private const int Packets = 12_000;

    /// <summary>Handed over one by one, packets never form a run: that way is the oracle.</summary>
    [Test]
    public void Take_InLongPieces_CountsAsOneByOne([Values(1, 10, 100, 1000)] int oneInSoManyIsOdd, [Range(1, 3)] int seed)
    {
        var timeline = Steady(new SeededRandom((ulong)seed), oneInSoManyIsOdd);
        var random = new SeededRandom((ulong)seed + 100);
        TestContext.Out.WriteLine($"seed {seed}");
        var oracle = Text(timeline.Follow(withSender: false, packetsAtOnce: 1));
        foreach (var packetsAtOnce in new[] { SteadyRun.Shortest, SteadyRun.Longest + 1, random.Next(3000) + 1, Packets * 2 })
        {
            Assert.That(Text(timeline.Follow(withSender: false, packetsAtOnce: packetsAtOnce)), Is.EqualTo(oracle), $"{packetsAtOnce} at once");
        }
    }

    [Test]
    public void LengthOf_PacketsInOrder_EndsWhereOneIsMissingOrAnotherPointSawIt()
    {
        var sightings = Enumerable.Range(0, 2000).Select(i => new Sighting { A = (ulong)(i < 700 ? i : i + 1), Point = i < 600 ? 1 : 2 }).ToArray();
        Assert.That(SteadyRun.LengthOf(sightings), Is.EqualTo(SteadyRun.Longest));
        Assert.That(SteadyRun.LengthOf(sightings.AsSpan(590)), Is.EqualTo(10), "another point");
        Assert.That(SteadyRun.LengthOf(sightings.AsSpan(650)), Is.EqualTo(50), "a number is missing");
        Assert.That(SteadyRun.LengthOf(sightings.AsSpan(1999)), Is.EqualTo(1));
    }

    /// <summary>Mostly in order; now and then a packet is lost, doubled, late or part of an outage.</summary>
    private static Timeline Steady(SeededRandom random, int oneInSoManyIsOdd)
    {
        var outage = 0;
        return Timeline.Of(Packets, _ =>
        {
            var delay = 20_000_000L + random.Next(900_000);
            if (outage > 0 && --outage > 0) return [];
            if (random.Next(oneInSoManyIsOdd * 50) == 0) outage = random.Next(400);
            return random.Next(oneInSoManyIsOdd) > 0 ? [delay] : random.Next(4) switch
            {
                0 => [],
                1 => [delay, delay + random.Next(3_000_000)],
                2 => [delay + random.Next(10_000_000)],
                _ => [delay + 40_000_000],
            };
        });
    }

    /// <summary>All that is kept of a flow.</summary>
    private static string Text(FlowResult flow) => JsonSerializer.Serialize(FlowStatistics.Of(flow, FlowKind.Probe, null), ResultsJson.Document.FlowSummary)
        + string.Join('\n', flow.Outages.Select(s => $"{s.Before} {s.After} {s.Lost} {s.FirstLostNs} {s.LastGoodNs} {s.LastLostNs} {s.FirstGoodNs} {s.LossRatio} {s.DelayVariationNs} {s.BeforeLateNs} {s.AfterLateNs} {Shown(s.Detail)}"))
        + string.Join(',', flow.Sinks.Series!.Sent.At(0)) + string.Join(',', flow.Sinks.Series.Received.At(0)) + string.Join(',', flow.Sinks.Series.Bytes.At(0));

    private static string Shown(GapDetail? detail) =>
        detail is null ? "" : string.Join(' ', detail.Sequence.Select((number, i) => $"{number}:{detail.SentNs[i]}:{detail.ReceivedNs[i]}"));
}
