using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using FailoverLab.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FailoverLab.Services;

/// <summary>
/// Runs one HTTP API: built first, started at the gate, ended by cancellation. Bodies are limited, slow clients are cut off, callers are asked for
/// their token, and what goes wrong in a request is answered with a reason.
/// </summary>
internal sealed class WebService
{
    private const int Ended = 0;
    private const int Refused = 4;

    private readonly ServiceConfig _config;
    private readonly ServiceHost _host;
    private readonly ServiceLog _log;
    private readonly RequestCounters _counters = new();
    private readonly IReadOnlyList<ApiRoute> _routes;

    private WebService(ServiceConfig config, ServiceHost host, IWebProgram program, ServiceLog log)
    {
        (_config, _host, _log) = (config, host, log);
        _routes = ServiceRoutes.Complete(program, _counters, config.Access.Tokens.Count > 0);
    }

    /// <summary>Serves until canceled.</summary>
    /// <param name="config">Where to listen and whom to serve.</param>
    /// <param name="host">Streams and gate.</param>
    /// <param name="begin">Makes what is served; may find that its state file cannot be used.</param>
    /// <param name="name">Name of the service in its events.</param>
    /// <param name="cancel">Ends the service in good order.</param>
    /// <returns>Exit status: 0, or 4 when it may not or cannot listen, or its state file cannot be used.</returns>
    public static async Task<int> RunAsync(ServiceConfig config, ServiceHost host, Func<ServiceLog, IWebProgram> begin, string name, CancellationToken cancel)
    {
        using var log = new ServiceLog(host, name);
        try
        {
            if (config.Refusal is { } refusal)
            {
                await host.Error.WriteLineAsync($"error: {ServiceCodes.OpenToAll}: {name} is not started: {refusal}");
                return Refused;
            }

            await using var program = begin(log);
            return await new WebService(config, host, program, log).ServeAsync(cancel);
        }
        catch (StateFileException e)
        {
            await host.Error.WriteLineAsync($"error: {name} is not started: {e.Message}");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await host.Error.WriteLineAsync($"error: {name} cannot listen on {config.EndPoint}: {e.Message}");
        }
        catch (CryptographicException e)
        {
            await host.Error.WriteLineAsync($"error: {ServiceCodes.Certificate}: {name} cannot use its certificate: {e.Message}");
        }

        return Refused;
    }

    private async Task<int> ServeAsync(CancellationToken cancel)
    {
        using var certificate = _config.Tls is { } tls ? X509Certificate2.CreateFromPemFile(tls.CertificatePath, tls.KeyPath) : null;
        await using var app = Build(certificate);
        app.Use(GuardAsync);
        foreach (var route in _routes)
        {
            app.MapMethods(route.Path, [route.Method], context => AnswerAsync(context, route));
        }

        try
        {
            if (_host.Gate is not null)
            {
                await _log.WriteAsync("armed");
                if (await _host.Gate.ReadLineAsync(cancel) is null)
                {
                    return Ended;
                }
            }

            await app.StartAsync(cancel);
            await _log.WriteAsync("ready", _config.EndPoint.ToString());
            await Task.Delay(Timeout.InfiniteTimeSpan, _host.Time, cancel);
        }
        catch (OperationCanceledException)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await app.StopAsync(patience.Token);
            await _log.WriteAsync("stopped");
        }

        return Ended;
    }

    private WebApplication Build(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Clear();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(_config.EndPoint, listen => Secure(listen, certificate));
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = _host.Limits.BodyBytes;
            options.Limits.MaxConcurrentConnections = _host.Limits.Connections;
            options.Limits.RequestHeadersTimeout = _host.Limits.Head;
            options.Limits.KeepAliveTimeout = _host.Limits.Idle;
            options.Limits.MinRequestBodyDataRate = new MinDataRate(100, _host.Limits.Body);
        });
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        return builder.Build();
    }

    private void Secure(ListenOptions listen, X509Certificate2? certificate)
    {
        // HTTP/1.1 alone: what is tested against hostile input is what is served.
        listen.Protocols = HttpProtocols.Http1;
        if (certificate is null)
        {
            return;
        }

        var issuers = new X509Certificate2Collection();
        issuers.ImportFromPemFile(_config.Tls!.CertificatePath);
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificate,
            ServerCertificateChain = issuers,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            HandshakeTimeout = _host.Limits.Head,
        });
    }

    private Task AnswerAsync(HttpContext context, ApiRoute route)
    {
        var call = new ApiCall(context, route, AccessGrant.All);
        if (route.Need == AccessNeed.Nothing)
        {
            return route.Handle(call);
        }

        if (_config.Access.Recognise(context.Request.Headers.Authorization) is not { } grant)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return call.ErrorAsync(StatusCodes.Status401Unauthorized, "this needs a known token: 'Authorization: Bearer TOKEN'");
        }

        return grant.Satisfies(route.Need)
            ? route.Handle(call with { Grant = grant })
            : call.ErrorAsync(StatusCodes.Status403Forbidden, "the token's role does not allow this");
    }

    /// <summary>Turns a request that cannot be read into an answer that says why, and counts it.</summary>
    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await JsonAnswer.ErrorAsync(context, e.StatusCode, e.Message);
        }
        catch (JsonException e) when (!context.Response.HasStarted)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, $"the body is not JSON: {e.Message}");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && !context.Response.HasStarted)
        {
            // The body ended early or is cut into impossible pieces. Where the client has gone, nobody reads this.
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, $"the request could not be read: {e.Message}");
        }
#pragma warning disable CA1031 // The seam where our own bug becomes an answer and an event.
        catch (Exception bug) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            await _log.WriteAsync("fault", $"{context.Request.Method} {context.GetEndpoint()?.DisplayName}: {bug.GetType().Name}: {bug.Message}");
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status500InternalServerError, "this is a bug of FailoverLab; the event 'fault' tells more");
        }

        if (context is { Response: { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed, ContentLength: null } } && context.GetEndpoint() is null or { DisplayName: "405 HTTP Method Not Supported" })
        {
            await JsonAnswer.ErrorAsync(context, context.Response.StatusCode, $"there is no {context.Request.Method} {context.Request.Path}");
        }

        _counters.Count(context);
    }

    /// <summary>Leaves signals to whoever owns the process.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
