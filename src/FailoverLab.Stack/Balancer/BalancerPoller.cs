using System.Net.Http.Json;
using System.Text.Json;

namespace FailoverLab.Stack;

/// <summary>Asks the balancer for its decision now and then. A balancer that is away or talks nonsense is normal: the last decision stands.</summary>
internal sealed class BalancerPoller : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client;

    private BalancerPoller(HttpClient client) => _client = client;

    public static BalancerPoller Start(BalancerClientConfig config, string endpointId, Action<string> onDecision, CancellationToken cancel)
    {
        var poller = new BalancerPoller(BalancerHttp.Create(config, Patience));
        _ = Task.Run(() => poller.PollAsync(config.Interval, $"decision/{Uri.EscapeDataString(endpointId)}", onDecision, cancel), cancel);
        return poller;
    }

    public void Dispose() => _client.Dispose();

    private async Task PollAsync(TimeSpan interval, string path, Action<string> onDecision, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            do
            {
                if (await AskAsync(path, cancel) is { } router)
                {
                    onDecision(router);
                }
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The program ends.
        }
    }

    private async Task<string?> AskAsync(string path, CancellationToken cancel)
    {
        try
        {
            var answer = await _client.GetFromJsonAsync(path, BalancerJson.Default.BalancerAnswer, cancel);
            return answer?.PrimaryRouterId ?? answer?.OptimalRouterId;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}
