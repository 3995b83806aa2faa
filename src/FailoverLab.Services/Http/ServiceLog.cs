using System.Text.Json;

namespace FailoverLab.Services;

/// <summary>A service's events on standard output: one JSON line each, in the order of their writing. Safe from any thread.</summary>
internal sealed class ServiceLog : IDisposable
{
    private readonly ServiceHost _host;
    private readonly string _service;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public ServiceLog(ServiceHost host, string service)
    {
        _host = host;
        _service = service;
    }

    /// <summary>Writes one event.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="detail">More about it; never a secret.</param>
    public async Task WriteAsync(string name, string? detail = null)
    {
        var atNs = (_host.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var tail = detail is null ? "" : $",\"detail\":\"{JsonEncodedText.Encode(detail)}\"";
        await _turn.WaitAsync();
        try
        {
            await _host.Out.WriteLineAsync($"{{\"atNs\":{atNs},\"event\":\"{name}\",\"data\":{{\"service\":\"{_service}\"{tail}}}}}");
            await _host.Out.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
