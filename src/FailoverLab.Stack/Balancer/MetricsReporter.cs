using System.Net.Http.Json;
using FailoverLab.Linux;

namespace FailoverLab.Stack;

/// <summary>Posts the router's load to the balancer now and then. A balancer that is away is normal.</summary>
internal sealed class MetricsReporter : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly RouterConfig _config;
    private readonly RouterLoad _load;
    private readonly SystemLoad _system = new();
    private long _lastBytes;
    private long _lastNs = SystemClock.Shared.MonotonicNs;

    private MetricsReporter(HttpClient client, RouterConfig config, RouterLoad load)
    {
        _client = client;
        _config = config;
        _load = load;
    }

    public static MetricsReporter Start(BalancerClientConfig balancer, RouterConfig config, RouterLoad load, CancellationToken cancel)
    {
        var reporter = new MetricsReporter(BalancerHttp.Create(balancer, Patience), config, load);
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
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Told by the balancer's own status page: it shows this router as stale.
        }
    }

    private RouterMetrics Measure()
    {
        var (bytes, nowNs) = (_load.SentBytes, SystemClock.Shared.MonotonicNs);
        var bits = (bytes - _lastBytes) * 8.0;
        var seconds = Math.Max((nowNs - _lastNs) / 1e9, 1e-3);
        (_lastBytes, _lastNs) = (bytes, nowNs);
        return new RouterMetrics
        {
            ServerId = _config.ServerId,
            ServerName = _config.Name,
            Timestamp = SystemClock.Shared.RealtimeNs / 1e9,
            CpuPercent = _system.CpuPercent(),
            MemoryPercent = SystemLoad.MemoryPercent(),
            BandwidthMbps = bits / seconds / 1e6,
            ActiveTunnels = _load.ActiveTunnels,
            TotalRxPackets = _load.ReceivedPackets,
            TotalTxPackets = _load.SentPackets,
            InternalIp = _config.InternalIp,
            ExternalIp = _config.ExternalIp,
        };
    }
}
