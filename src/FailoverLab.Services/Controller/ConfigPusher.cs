using System.Net;
using System.Text;
using FailoverLab.Control;

namespace FailoverLab.Services;

/// <summary>Posts configurations to devices.</summary>
internal sealed class ConfigPusher : IDisposable
{
    private const int DevicePort = 8080;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience, MaxResponseContentBufferSize = 64 << 10 };

    /// <summary>Posts a device's configuration to it. The address must be an address: a name could lead anywhere.</summary>
    /// <param name="device">The device.</param>
    /// <param name="config">Its configuration as JSON.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns><c>success</c>, <c>failed</c> when the device refused or <c>error</c> when it was not reached; and why.</returns>
    public async Task<(string Status, string Reason)> PushAsync(Device device, string config, CancellationToken cancel)
    {
        if (!IPAddress.TryParse(device.ManagementIp, out var address))
        {
            return ("error", "the device has no management_ip");
        }

        try
        {
            var url = new UriBuilder(Uri.UriSchemeHttp, address.ToString(), DevicePort, "config").Uri;
            using var content = new StringContent(config, Encoding.UTF8, "application/json");
            using var response = await _client.PostAsync(url, content, cancel);
            return response.IsSuccessStatusCode ? ("success", "") : ("failed", $"the device answered {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return ("error", e is HttpRequestException ? e.Message : "the device did not answer within 10 s");
        }
    }

    public void Dispose() => _client.Dispose();
}
