using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FailoverLab.Control;

namespace FailoverLab.Services.Tests;

/// <summary>A service over real HTTP on loopback, ended in good order.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly Task<int> _service;

    private RunningService(Func<IPEndPoint, ServiceHost, CancellationToken, Task<int>> run, WebLimits? limits, TimeProvider? time, HttpMessageHandler? handler)
    {
        EndPoint = FreeEndPoint();
        _service = run(EndPoint, new ServiceHost(Log, Error, null, time ?? TimeProvider.System) { Limits = limits ?? WebLimits.Default }, _cancel.Token);
        var ready = Log.WaitFor("ready");
        Assert.That(Task.WaitAny([ready, _service], TimeSpan.FromSeconds(30)), Is.Zero, $"the service did not start: {Error}");
        Client = new HttpClient(handler ?? new HttpClientHandler()) { BaseAddress = new Uri($"{(handler is null ? "http" : "https")}://{EndPoint}/") };
    }

    public IPEndPoint EndPoint { get; }

    public HttpClient Client { get; }

    public EventLines Log { get; } = new();

    public StringWriter Error { get; } = new();

    public static IPEndPoint FreeEndPoint()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)free.LocalEndPoint!;
    }

    public static RunningService Balancer(WebLimits? limits = null, AccessRules? access = null, string? state = null, BalancerRules? rules = null, TimeProvider? time = null, TlsConfig? tls = null, HttpMessageHandler? handler = null) =>
        new((e, h, c) => BalancerProgram.RunAsync(new BalancerConfig(new ServiceConfig(e, state, access ?? AccessRules.None, tls), rules ?? BalancerRules.Default, "198.51.100.10"), h, c), limits, time, handler);

    public static RunningService Controller(WebLimits? limits = null, AccessRules? access = null, string? state = null, int addresses = 2) =>
        new((e, h, c) => ControllerProgram.RunAsync(ControllerConfig(e, access, state, addresses), h, c), limits, null, null);

    public static ControllerConfig ControllerConfig(IPEndPoint endPoint, AccessRules? access = null, string? state = null, int addresses = 2) => new(
        new ServiceConfig(endPoint, state, access ?? AccessRules.None, null),
        new PoolConfig(IPAddress.Parse("10.10.100.0"), 1, addresses),
        new PoolConfig(IPAddress.Parse("fd00:100::"), 1, 100_000),
        "k",
        51820);

    public async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, string body, string? token = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await SendAsync(HttpMethod.Post, path, content, token);
    }

    public async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await Client.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, json.RootElement.Clone());
    }

    public async Task<(HttpStatusCode Status, string? Detail)> GetAsync(string path)
    {
        var (status, answer) = await SendAsync(HttpMethod.Get, path);
        return (status, answer.GetProperty("detail").GetString());
    }

    public async Task<JsonElement> GetJsonAsync(string path, string? token = null)
    {
        var (status, answer) = await SendAsync(HttpMethod.Get, path, null, token);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"GET {path}: {answer}");
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        await _cancel.CancelAsync();
        Assert.That(await _service, Is.Zero);
        Client.Dispose();
        _cancel.Dispose();
    }
}
