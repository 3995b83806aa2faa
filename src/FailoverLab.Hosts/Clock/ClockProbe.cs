namespace FailoverLab.Hosts;

/// <summary>
/// Asks a host's clock many times and estimates its offset: over a jittery way the shortest of many exchanges converges, their mean does not. A host near by
/// is asked several times at a stretch, in turn with others: nothing else of this program then wants the processor.
/// </summary>
public static class ClockProbe
{
    /// <summary>Exchanges left out at the beginning: caches are cold.</summary>
    private const int WarmUp = 5;

    /// <summary>Exchanges at a stretch.</summary>
    private const int Stretch = 16;

    /// <summary>A host near by is asked at most this many times as often as was wished, when its quickest answers stand alone.</summary>
    private const int Patience = 4;

    /// <summary>Only for so long: among many hosts in turn it adds up, and nobody waits for a few microseconds.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>A host is near by when it was heard within this: then what processors add matters as much as the way does.</summary>
    private const long NearNs = 2_000_000;

    /// <summary>Two ways are as quick as each other when they differ by no more.</summary>
    private const long TwiceNs = 5_000;

    /// <summary>Measures.</summary>
    /// <param name="host">The host.</param>
    /// <param name="time">Timer of the pauses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="exchanges">Exchanges that count, at least one.</param>
    /// <param name="spacing">Pause between two, or two stretches; default 4 ms.</param>
    /// <exception cref="StepHostException">The host is lost.</exception>
    public static async Task<ClockEstimate> MeasureAsync(
        IClockExchange host, TimeProvider time, CancellationToken cancellationToken, int exchanges = 64, TimeSpan? spacing = null)
    {
        var pause = spacing ?? TimeSpan.FromMilliseconds(4);
        var isNear = false;
        for (var i = 0; i < WarmUp; i++)
        {
            isNear |= (await host.ExchangeAsync(cancellationToken)).RoundTripNs < NearNs;
            await Task.Delay(pause, time, cancellationToken);
        }

        var samples = new List<ClockSample>(exchanges);
        List<int> stretches = [0];
        var began = time.GetTimestamp();
        while (samples.Count < exchanges
            || (isNear && samples.Count < Patience * exchanges && time.GetElapsedTime(began) < Longest && !IsSeenTwice(samples, stretches)))
        {
            await AskAsync(host, samples, isNear ? Math.Min(Stretch, exchanges) : 1, cancellationToken);
            stretches.Add(samples.Count);
            await Task.Delay(pause, time, cancellationToken);
        }

        return ClockEstimator.Estimate(samples, host.ResolutionNs);
    }

    /// <summary>
    /// Whether the quickest way there and the quickest way back, of whichever stretches, were almost reached in another one too: what was seen twice is what the
    /// way takes, what was seen once may be what was left of a disturbance.
    /// </summary>
    internal static bool IsSeenTwice(IReadOnlyList<ClockSample> samples, IReadOnlyList<int> stretches)
    {
        return IsSeenTwice(s => s.HighNs) && IsSeenTwice(s => -s.LowNs);

        bool IsSeenTwice(Func<ClockSample, long> way)
        {
            var quickest = stretches.Zip(stretches.Skip(1), (from, to) => samples.Skip(from).Take(to - from).Min(way)).Order().Take(2).ToList();
            return quickest.Count == 2 && quickest[1] - quickest[0] <= TwiceNs;
        }
    }

    /// <summary>One stretch; it ends early when something else has come in between.</summary>
    private static async Task AskAsync(IClockExchange host, List<ClockSample> samples, int count, CancellationToken cancellationToken)
    {
        using (count > 1 && host.Turns is { } turns ? await turns.TakeAsync(cancellationToken) : null)
        {
            do
            {
                samples.Add(await host.ExchangeAsync(cancellationToken));
            }
            while (--count > 0 && samples[^1].RoundTripNs < NearNs);
        }

        // Off the thread that hears the answers.
        await Task.Yield();
    }
}
