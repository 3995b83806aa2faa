using System.Net.Http.Json;
using FailoverLab.Dataplane;
using FailoverLab.Linux;

namespace FailoverLab.Stack;

/// <summary>Posts the router's load to the balancer now and then. A balancer that is away is normal.</summary>
internal sealed class MetricsReporter : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly RouterConfig _config;
    private readonly RouterLoad _load;
    private readonly SystemLoad _system;
    private readonly IClock _clock;
    private readonly BalancerComplaint _complaint;
    private (bool OfInterface, long Bytes) _last;
    private long _lastNs;

    internal MetricsReporter(HttpClient client, RouterConfig config, RouterLoad load, SystemLoad system, IClock clock, Action<string> onFault)
    {
        _client = client;
        _config = config;
        _load = load;
        _system = system;
        _clock = clock;
        _complaint = new BalancerComplaint(onFault);
        (_last, _lastNs) = (SentBytes(), clock.MonotonicNs);
    }

    /// <summary>Begins to report.</summary>
    /// <param name="balancer">Where, and how often.</param>
    /// <param name="config">The router.</param>
    /// <param name="load">What its packet loop counts.</param>
    /// <param name="onFault">Told once when the balancer begins to refuse, in words.</param>
    /// <param name="cancel">Ends it.</param>
    public static MetricsReporter Start(BalancerClientConfig balancer, RouterConfig config, RouterLoad load, Action<string> onFault, CancellationToken cancel)
    {
        var reporter = new MetricsReporter(BalancerHttp.Create(balancer, Patience), config, load, new SystemLoad(), SystemClock.Shared, onFault);
        _ = Task.Run(() => reporter.ReportAsync(balancer.Interval, cancel), cancel);
        return reporter;
    }

    public void Dispose() => _client.Dispose();

    private async Task ReportAsync(TimeSpan interval, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            do
            {
                await PostAsync(cancel);
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The program ends.
        }
    }

    private async Task PostAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await _client.PostAsJsonAsync("metrics", Measure(), BalancerJson.Default.RouterMetrics, cancel);
            _ = _complaint.IsGood(response);
        }
        catch (HttpRequestException e)
        {
            _complaint.OnFailure(e);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It took too long. Told by the balancer's own status page: it shows this router as stale.
        }
    }

    internal RouterMetrics Measure()
    {
        var (sent, nowNs) = (SentBytes(), _clock.MonotonicNs);

        // Counters of an interface begin anew when it is made anew.
        var bits = sent.OfInterface == _last.OfInterface ? Math.Max(0, sent.Bytes - _last.Bytes) * 8.0 : 0;
        var seconds = Math.Max((nowNs - _lastNs) / 1e9, 1e-3);
        (_last, _lastNs) = (sent, nowNs);
        return new RouterMetrics
        {
            ServerId = _config.ServerId,
            ServerName = _config.Name,
            Timestamp = _clock.RealtimeNs / 1e9,
            CpuPercent = _system.CpuPercent(),
            MemoryPercent = _system.MemoryPercent(),
            BandwidthMbps = bits / seconds / 1e6,
            ActiveTunnels = _load.ActiveTunnels,
            TotalRxPackets = _load.ReceivedPackets,
            TotalTxPackets = _load.SentPackets,
            InternalIp = _config.InternalIp,
            ExternalIp = _config.ExternalIp,
        };
    }

    /// <summary>All that left by the egress interface, whoever sent it; without one, what the packet loop sent.</summary>
    private (bool OfInterface, long Bytes) SentBytes() =>
        _config.EgressInterface is { } egress && _system.SentBytes(egress) is { } bytes ? (true, bytes) : (false, _load.SentBytes);
}
