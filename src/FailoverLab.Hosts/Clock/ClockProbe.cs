namespace FailoverLab.Hosts;

/// <summary>Asks a host's clock many times and estimates its offset: over a jittery way the shortest of many exchanges converges, their mean does not.</summary>
public static class ClockProbe
{
    /// <summary>Exchanges left out at the beginning: caches are cold.</summary>
    private const int WarmUp = 5;

    /// <summary>Measures.</summary>
    /// <param name="host">The host.</param>
    /// <param name="time">Timer of the pauses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="exchanges">Exchanges that count, at least one.</param>
    /// <param name="spacing">Pause between two; default 4 ms.</param>
    /// <exception cref="StepHostException">The host is lost.</exception>
    public static async Task<ClockEstimate> MeasureAsync(
        IClockExchange host, TimeProvider time, CancellationToken cancellationToken, int exchanges = 64, TimeSpan? spacing = null)
    {
        var samples = new List<ClockSample>(exchanges);
        for (var i = 0; i < exchanges + WarmUp; i++)
        {
            var sample = await host.ExchangeAsync(cancellationToken);
            if (i >= WarmUp)
            {
                samples.Add(sample);
            }

            await Task.Delay(spacing ?? TimeSpan.FromMilliseconds(4), time, cancellationToken);
        }

        return ClockEstimator.Estimate(samples, host.ResolutionNs);
    }
}
