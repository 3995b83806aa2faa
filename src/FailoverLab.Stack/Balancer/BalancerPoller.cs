using System.Text.Json;

namespace FailoverLab.Stack;

/// <summary>Asks the balancer for its decision now and then. A balancer that is away is normal: the last decision stands.</summary>
internal sealed class BalancerPoller : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client;
    private readonly BalancerComplaint _complaint;

    private BalancerPoller(HttpClient client, Action<string> onFault)
    {
        _client = client;
        _complaint = new BalancerComplaint(onFault);
    }

    /// <summary>Begins to ask.</summary>
    /// <param name="config">Where, and how often.</param>
    /// <param name="endpointId">Who asks.</param>
    /// <param name="onDecision">Takes the router of each decision; on a thread of its own.</param>
    /// <param name="onFault">Told once when the balancer begins to refuse, in words.</param>
    /// <param name="cancel">Ends it.</param>
    public static BalancerPoller Start(BalancerClientConfig config, string endpointId, Action<string> onDecision, Action<string> onFault, CancellationToken cancel)
    {
        var poller = new BalancerPoller(BalancerHttp.Create(config, Patience), onFault);
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
            using var response = await _client.GetAsync(path, cancel);
            if (!_complaint.IsGood(response))
            {
                return null;
            }

            // The bytes as they are: a wrong character set in the header must not matter, let alone throw.
            var answer = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancel), BalancerJson.Default.BalancerAnswer);
            return answer?.PrimaryRouterId ?? answer?.OptimalRouterId;
        }
        catch (JsonException e)
        {
            _complaint.OnNonsense(e.Message);
        }
        catch (HttpRequestException e)
        {
            _complaint.OnFailure(e);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It took too long.
        }

        return null;
    }
}
