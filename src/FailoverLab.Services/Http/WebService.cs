using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FailoverLab.Services;

/// <summary>
/// Runs one HTTP API: built first, started at the gate, ended by cancellation. Bodies are limited to 64 KiB, slow clients are cut off, and what goes
/// wrong in a request is answered with a reason.
/// </summary>
internal static class WebService
{
    private const int MaxBodyBytes = 64 << 10;
    private const int Ended = 0;
    private const int Refused = 4;

    /// <summary>Serves until canceled.</summary>
    /// <param name="name">Name of the service in its events.</param>
    /// <param name="endPoint">Where to listen.</param>
    /// <param name="map">Adds the routes.</param>
    /// <param name="host">Streams and gate.</param>
    /// <param name="cancel">Ends the service in good order.</param>
    /// <returns>Exit status: 0, or 4 when the address cannot be listened on.</returns>
    public static async Task<int> RunAsync(string name, IPEndPoint endPoint, Action<WebApplication> map, ServiceHost host, CancellationToken cancel)
    {
        await using var app = Build(endPoint);
        app.Use(GuardAsync);
        map(app);
        try
        {
            if (host.Gate is not null)
            {
                await ReportAsync(host, "armed", name, null);
                if (await host.Gate.ReadLineAsync(cancel) is null)
                {
                    return Ended;
                }
            }

            await app.StartAsync(cancel);
            await ReportAsync(host, "ready", name, endPoint.ToString());
            await Task.Delay(Timeout.InfiniteTimeSpan, host.Time, cancel);
        }
        catch (OperationCanceledException)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await app.StopAsync(patience.Token);
            await ReportAsync(host, "stopped", name, null);
        }
        catch (IOException e)
        {
            await host.Error.WriteLineAsync($"error: {name} cannot listen on {endPoint}: {e.Message}");
            return Refused;
        }

        return Ended;
    }

    private static WebApplication Build(IPEndPoint endPoint)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(endPoint);
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyBytes;
            options.Limits.MaxConcurrentConnections = 1024;
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            options.Limits.MinRequestBodyDataRate = new MinDataRate(100, TimeSpan.FromSeconds(5));
        });
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        return builder.Build();
    }

    /// <summary>Turns a request that cannot be read into an answer that says why.</summary>
    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
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

        if (context is { Response: { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed, ContentLength: null } } && context.GetEndpoint() is null or { DisplayName: "405 HTTP Method Not Supported" })
        {
            await JsonAnswer.ErrorAsync(context, context.Response.StatusCode, $"there is no {context.Request.Method} {context.Request.Path}");
        }
    }

    private static async Task ReportAsync(ServiceHost host, string name, string service, string? detail)
    {
        var atNs = (host.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var tail = detail is null ? "" : $",\"detail\":\"{detail}\"";
        await host.Out.WriteLineAsync($"{{\"atNs\":{atNs},\"event\":\"{name}\",\"data\":{{\"service\":\"{service}\"{tail}}}}}");
        await host.Out.FlushAsync(CancellationToken.None);
    }

    /// <summary>Leaves signals to whoever owns the process.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
