using FailoverLab.Primitives;

namespace FailoverLab.Analysis.Tests;

public sealed class SightingBatchTests
{
    [Test]
    public void Append_AnyFlowsAndRoom_KeepsEachFlowsSightingsInOrder([Values(1UL, 2UL, 3UL, 4UL)] ulong seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        var batch = new SightingBatch();
        for (var round = 0; round < 50; round++)
        {
            // Flows there is room for, more than that, and one that has most of the packets.
            batch.Clear(random.Next(40), random.Next(2000));
            var flows = random.Next(90) + 1;
            var expected = new Dictionary<int, List<long>>();
            for (var i = 0L; i < random.Next(3000); i++)
            {
                var flow = random.Next(4) == 0 ? random.Next(flows) : 0;
                batch.Append(flow) = new Sighting { StampNs = i, A = (ulong)round };
                if (!expected.TryGetValue(flow, out var stamps)) expected.Add(flow, stamps = []);
                stamps.Add(i);
            }

            Assert.That(batch.Flows.ToArray(), Is.EqualTo(expected.Keys));
            foreach (var (flow, stamps) in expected) Assert.That(batch[flow].ToArray().Select(s => (s.StampNs, s.A)), Is.EqualTo(stamps.Select(s => (s, (ulong)round))), $"flow {flow}");
        }
    }

    [Test]
    public void Clear_AfterSightings_LeavesNone()
    {
        var batch = new SightingBatch();
        for (var i = 0; i < 100; i++) batch.Append(i % 3).StampNs = i;
        batch.Clear(3, 12);
        Assert.That(batch.IsEmpty);
        Assert.That(Enumerable.Range(0, 3).Select(f => batch[f].Length), Is.All.Zero);
    }
}
