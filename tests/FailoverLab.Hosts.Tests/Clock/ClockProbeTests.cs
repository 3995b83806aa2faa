namespace FailoverLab.Hosts.Tests;

/// <summary>Hosts that are computed: no time passes.</summary>
public sealed class ClockProbeTests
{
    [Test]
    public async Task MeasureAsync_HostsNearBy_AreAskedInTurn()
    {
        var turns = new ClockTurns(TimeProvider.System, TimeSpan.FromHours(1));
        var crowd = new Crowd();
        var hosts = Enumerable.Range(1, 5).Select(i => new Host(crowd, turns, () => (100_000, 100_000))).ToList();

        await Task.WhenAll(hosts.Select(h => ClockProbe.MeasureAsync(h, TimeProvider.System, CancellationToken.None, exchanges: 48, TimeSpan.Zero)));

        Assert.That(crowd.MostCounted, Is.EqualTo(1));
        Assert.That(hosts.Select(h => h.Asked), Is.All.EqualTo(48 + Host.WarmUp));
    }

    [Test]
    public async Task MeasureAsync_HostsFarAway_DoNotWaitForEachOther()
    {
        var turns = new ClockTurns(TimeProvider.System, TimeSpan.FromHours(1));
        using var taken = await turns.TakeAsync(CancellationToken.None);
        var host = new Host(new Crowd(), turns, () => (20_000_000, 20_000_000));

        var estimate = await ClockProbe.MeasureAsync(host, TimeProvider.System, CancellationToken.None, exchanges: 10, TimeSpan.Zero);

        Assert.That(estimate.Samples, Is.EqualTo(10));
    }

    [Test]
    public async Task MeasureAsync_QuickestAnswersStandAlone_AsksOnButNotForEver()
    {
        // One quick answer at the beginning that never comes again.
        var asked = 0;
        var host = new Host(new Crowd(), null, () => ++asked == Host.WarmUp + 1 ? (50_000, 50_000) : (100_000 + (asked * 10_000), 100_000));

        var estimate = await ClockProbe.MeasureAsync(host, TimeProvider.System, CancellationToken.None, exchanges: 16, TimeSpan.Zero);

        Assert.That(estimate.Samples, Is.EqualTo(64));
        Assert.That(estimate.OffsetNs, Is.Zero);
    }

    [Test]
    public async Task MeasureAsync_SomeStretchesDisturbedOneWay_TheOthersDecide([Range(1, 10)] int seed)
    {
        // In three stretches of four the way there takes longer, for all of the stretch: a mean, or the wish for one quick answer, would be taken in.
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var asked = 0;
        var host = new Host(new Crowd(), null, () => (100_000 + (asked++ / 16 % 4 == 3 ? 0 : 200_000) + random.Next(4_000), 100_000 + random.Next(4_000)));

        var estimate = await ClockProbe.MeasureAsync(host, TimeProvider.System, CancellationToken.None, exchanges: 128, TimeSpan.Zero);

        Assert.That(estimate.OffsetNs, Is.InRange(-4_000, 4_000));
    }

    /// <summary>How many are asked at a time.</summary>
    private sealed class Crowd
    {
        private int _now;

        public int MostCounted { get; private set; }

        public void Enter() => MostCounted = Math.Max(MostCounted, Interlocked.Increment(ref _now));

        public void Leave() => Interlocked.Decrement(ref _now);
    }

    private sealed class Host(Crowd crowd, ClockTurns? turns, Func<(long There, long Back)> way) : IClockExchange
    {
        public const int WarmUp = 5;
        private long _nowNs;

        public int Asked { get; private set; }

        public long ResolutionNs => 1;

        public ClockTurns? Turns => turns;

        public async Task<ClockSample> ExchangeAsync(CancellationToken cancellationToken)
        {
            Asked++;
            var isCounted = Asked > WarmUp;
            if (isCounted)
            {
                crowd.Enter();
            }

            await Task.Yield();
            if (isCounted)
            {
                crowd.Leave();
            }

            var (sent, (there, back)) = (_nowNs, way());
            _nowNs += there + back + 1_000;
            return new ClockSample(sent, sent + there, sent + there, sent + there + back);
        }
    }
}
