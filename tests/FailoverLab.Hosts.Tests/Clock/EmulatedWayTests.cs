using FailoverLab.Emulator;
using FailoverLab.Primitives;

namespace FailoverLab.Hosts.Tests;

/// <summary>Hosts behind our own link emulator, in virtual time: offsets of seconds and hours, drift, ± 5 ms of jitter each way and ways of different length.</summary>
public sealed class EmulatedWayTests
{
    private const double MillisecondNs = 1e6;

    [Test]
    public async Task MeasureAsync_JitterAndAsymmetry_TruthLiesInTheBound([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        TestContext.Out.WriteLine($"seed {seed}");
        var (there, back) = (TimeSpan.FromMilliseconds(5 + random.Next(60)), TimeSpan.FromMilliseconds(5 + random.Next(60)));
        var host = new Host(seed, there, back, offsetNs: random.NextInt64(-7_200_000_000_000, 7_200_000_000_000), rate: (random.NextDouble() - 0.5) * 100e-6);

        var estimate = await ClockProbe.MeasureAsync(host, TimeProvider.System, CancellationToken.None, spacing: TimeSpan.Zero);

        var truth = host.OffsetAt(estimate.AtNs);
        var error = Math.Abs(estimate.OffsetNs - truth);
        TestContext.Out.WriteLine($"{there.TotalMilliseconds} ms there, {back.TotalMilliseconds} ms back, ± 5 ms: off by {error / MillisecondNs:0.000} ms, bound {estimate.BoundNs / MillisecondNs:0.000} ms");
        Assert.That(truth, Is.InRange(estimate.LowNs, estimate.HighNs));
        Assert.That(error, Is.LessThanOrEqualTo(estimate.BoundNs));

        // What asymmetry hides is half of it; of the jitter the quickest of many leave little: here a tenth.
        Assert.That(error, Is.LessThan((Math.Abs((there - back).TotalMilliseconds) / 2 * MillisecondNs) + (0.5 * MillisecondNs)));
        Assert.That(estimate.BoundNs, Is.LessThan(((there + back).TotalMilliseconds / 2 * MillisecondNs) + error));
    }

    /// <summary>Answers over two directions of an emulated link; no time passes.</summary>
    private sealed class Host(int seed, TimeSpan there, TimeSpan back, long offsetNs, double rate) : IClockExchange
    {
        private const long WorkNs = 50_000;
        private static readonly byte[] Frame = new byte[120];
        private readonly LinkPipeline _there = Direction(seed, "there", there);
        private readonly LinkPipeline _back = Direction(seed, "back", back);
        private long _nowNs = 1_000_000_000;

        public long ResolutionNs => 1;

        public long OffsetAt(long ns) => offsetNs + (long)(rate * ns);

        public Task<ClockSample> ExchangeAsync(CancellationToken cancellationToken)
        {
            var sent = _nowNs;
            var received = Cross(_there, sent);
            var answered = received + WorkNs;
            var heard = Cross(_back, answered);
            _nowNs = heard + 4_000_000;
            return Task.FromResult(new ClockSample(sent, received + OffsetAt(received), answered + OffsetAt(answered), heard));
        }

        private static long Cross(LinkPipeline link, long atNs)
        {
            Assert.That(link.Enqueue(Frame, atNs), Is.True);
            var dueNs = link.NextDueNs;
            Assert.That(link.TryDequeue(dueNs, out _, out _), Is.True);
            return dueNs;
        }

        /// <summary>5 ms less to 5 ms more.</summary>
        private static LinkPipeline Direction(int seed, string name, TimeSpan delay) => new(
            new LinkImpairments { Delay = delay, Jitter = TimeSpan.FromMilliseconds(5), JitterModel = UniformJitter.Around },
            new SeededRandom((ulong)seed).Split(name));
    }
}
