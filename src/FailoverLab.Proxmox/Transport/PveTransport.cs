using System.Net;
using System.Net.Security;

namespace FailoverLab.Proxmox;

/// <summary>
/// Sends checked requests to one host, straight (no proxy), over TLS to the trusted certificate only, follows nowhere, and reads no more than it must.
/// Reads are repeated where the answer was lost; writes never, unless they cannot have arrived.
/// </summary>
internal sealed class PveTransport : IDisposable
{
    /// <summary>Most bytes of an answer.</summary>
    public const int MaxBody = 8 << 20;

    private const int Attempts = 3;
    private readonly HttpMessageInvoker _http;
    private readonly PveTrust _trust;
    private readonly PveEndpoint _endpoint;
    private readonly PveSession _session;
    private readonly TimeProvider _time;

    public PveTransport(PveEndpoint endpoint, TimeProvider time)
    {
        (_endpoint, _time, _trust) = (endpoint, time, new PveTrust(endpoint));
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = endpoint.ConnectTimeout,
            MaxResponseHeadersLength = 32,
            MaxConnectionsPerServer = 8,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = _trust.IsTrusted },
        };
        _http = new HttpMessageInvoker(handler);
        _session = new PveSession(endpoint, time, Redactor);
    }

    /// <summary>Every secret sent or received, so that no text shows one.</summary>
    public PveRedactor Redactor { get; } = new();

    /// <summary>Connections to the host, for its web sockets.</summary>
    public HttpMessageInvoker Connections => _http;

    /// <summary>Asks the host.</summary>
    /// <exception cref="PveException">It came to nothing.</exception>
    public async Task<PveReply> SendAsync(PveRequest request, CancellationToken cancellationToken)
    {
        var timeout = request.Timeout ?? _endpoint.Timeout;
        using var timer = new CancellationTokenSource(timeout, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await AskAsync(request, ending.Token);
                }
                catch (PveException fault) when (attempt < Attempts && MayRepeat(request, fault))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt * attempt), _time, ending.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PveException(
                PveFault.TimedOut, $"{_endpoint.Name}: {request}: no whole answer within {timeout.TotalSeconds:0.###} s",
                request.Call.IsRead ? null : "whether it was carried out is not known; read it back");
        }
    }

    /// <summary>Headers that prove who asks, for a web socket.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> CredentialAsync(CancellationToken cancellationToken) =>
        await _session.HeadersAsync(isWrite: false, ExchangeAsync, cancellationToken);

    /// <summary>What a failure of the framework means.</summary>
    public PveException Explain(string what, Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(PveFault.Untrusted, $"{_endpoint.Name} ({Authority}) is not trusted: {_trust.Refusal}", _trust.Hint),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(PveFault.Unreachable, $"{_endpoint.Name}: the name '{_endpoint.Url.Host}' has no address", "write the address, or put the name into DNS") { IsUnsent = true },
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new(PveFault.Unreachable, $"{_endpoint.Name}: no connection to {Authority}: {Redactor.Clean(failure.Message)}", "is the host up, its port 8006 open, and the route there?") { IsUnsent = true },
        OperationCanceledException => new(PveFault.Unreachable, $"{_endpoint.Name}: no connection to {Authority} within {_endpoint.ConnectTimeout.TotalSeconds:0.###} s", "is the host up, its port 8006 open, and the route there?") { IsUnsent = true },
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new(PveFault.TooLarge, $"{_endpoint.Name}: {what}: the answer's headers are longer than 32 KiB"),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => new(PveFault.Malformed, $"{_endpoint.Name}: {what}: the answer is not HTTP"),
        _ => new(PveFault.Unreachable, $"{_endpoint.Name}: {what}: the connection was cut: {Redactor.Clean(failure.Message)}"),
    };

    public void Dispose()
    {
        _http.Dispose();
        _session.Dispose();
    }

    private string Authority => $"{_endpoint.Url.Host}:{_endpoint.Url.Port}";

    private static bool MayRepeat(PveRequest request, PveException fault) =>
        fault.IsUnsent || (request.Call.IsRead && fault.Fault is PveFault.Unreachable or PveFault.Proxy);

    private async Task<PveReply> AskAsync(PveRequest request, CancellationToken cancellationToken)
    {
        var headers = await _session.HeadersAsync(!request.Call.IsRead, ExchangeAsync, cancellationToken);
        try
        {
            return await ExchangeAsync(request, headers, cancellationToken);
        }
        catch (PveException fault) when (fault.Fault == PveFault.Unauthorized && _session.CanLogInAgain(headers))
        {
            // A refused request was not carried out: it may be sent again, reads and writes alike.
            return await ExchangeAsync(request, await _session.HeadersAsync(!request.Call.IsRead, ExchangeAsync, cancellationToken), cancellationToken);
        }
    }

    private async Task<PveReply> ExchangeAsync(PveRequest request, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Call.Method, new Uri(_endpoint.Url, request.PathAndQuery)) { Content = request.Content() };
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        PveAnswer answer;
        try
        {
            using var response = await _http.SendAsync(message, cancellationToken);
            answer = new PveAnswer((int)response.StatusCode, response.ReasonPhrase ?? "", response.Content.Headers.ContentType?.MediaType ?? "", await BodyAsync(request, response, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            throw Explain(request.ToString(), failure);
        }

        return answer.Judge(request, Redactor);
    }

    private async Task<ReadOnlyMemory<byte>> BodyAsync(PveRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            kept.Write(buffer, 0, read);
            if (kept.Length > MaxBody)
            {
                throw new PveException(PveFault.TooLarge, $"{_endpoint.Name}: {request}: the answer is longer than {MaxBody >> 20} MiB");
            }
        }

        return kept.GetBuffer().AsMemory(0, (int)kept.Length);
    }
}
