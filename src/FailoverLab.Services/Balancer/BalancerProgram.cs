using System.Text.Json;
using FailoverLab.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>The load balancer's HTTP API. One <c>/decision</c> answer holds the members of both published shapes.</summary>
public sealed class BalancerProgram
{
    private const double Far = 1e15;

    private readonly BalancerConfig _config;
    private readonly RouterBalancer _balancer;
    private readonly TimeProvider _time;

    private BalancerProgram(BalancerConfig config, TimeProvider time)
    {
        _config = config;
        _time = time;
        _balancer = new RouterBalancer(config.Rules, time);
    }

    private double Now => JsonAnswer.Seconds(_time.GetUtcNow());

    /// <summary>Serves until canceled.</summary>
    /// <param name="config">What to do.</param>
    /// <param name="host">Streams and gate.</param>
    /// <param name="cancel">Ends the service in good order.</param>
    /// <returns>Exit status: 0, or 4 when the address cannot be listened on.</returns>
    public static Task<int> RunAsync(BalancerConfig config, ServiceHost host, CancellationToken cancel) =>
        WebService.RunAsync("balancer", config.EndPoint, new BalancerProgram(config, host.Time).Map, host, cancel);

    private void Map(WebApplication app)
    {
        app.MapPost("/metrics", ReportAsync);
        app.MapGet("/decision/{endpointId}", DecideAsync);
        app.MapGet("/status", StatusAsync);
        app.MapGet("/health", HealthAsync);
    }

    private async Task ReportAsync(HttpContext context)
    {
        using var request = await JsonRequest.ReadAsync(context);
        var id = request.Text("server_id");
        var report = new RouterReport(
            id,
            request.Optional("server_name") ?? id,
            request.Number("cpu_percent", 0, 100),
            request.Number("memory_percent", 0, 100),
            request.Number("bandwidth_mbps", 0, Far),
            (int)request.Number("active_tunnels", 0, int.MaxValue),
            request.Optional("internal_ip"),
            request.Optional("external_ip"));
        if (request.Faults is { } faults)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status422UnprocessableEntity, faults);
            return;
        }

        if (_balancer.Report(report) is not { } score)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "too many routers");
            return;
        }

        await JsonAnswer.OkAsync(context, json =>
        {
            json.WriteString("status", "ok");
            json.WriteNumber("score", score);
        });
    }

    private async Task DecideAsync(HttpContext context)
    {
        var endpointId = context.Request.RouteValues["endpointId"] as string ?? "";
        if (endpointId.Length is 0 or > 256)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status422UnprocessableEntity, "the endpoint's id must have 1 to 256 characters");
            return;
        }

        if (_balancer.Decide(endpointId) is not { } decision)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "no router has reported recently");
            return;
        }

        await JsonAnswer.OkAsync(context, json =>
        {
            WriteRouter(json, "optimal_router", decision.Primary);
            json.WriteString("business_server_ip", _config.BusinessServerIp);
            json.WriteNumber("score", decision.Primary.Score);
            json.WriteNumber("timestamp", Now);
            WriteRouter(json, "primary_router", decision.Primary);
            json.WriteNumber("primary_score", decision.Primary.Score);
            WriteRouter(json, "backup_router", decision.Backup);
            WriteScore(json, "backup_score", decision.Backup);
            WriteRouter(json, "previous_primary_router", decision.PreviousPrimary);
            json.WriteStartArray("routers");
            foreach (var router in decision.Valid)
            {
                json.WriteStartObject();
                json.WriteString("router_id", router.Report.RouterId);
                json.WriteString("internal_ip", router.Report.InternalIp);
                json.WriteString("external_ip", router.Report.ExternalIp);
                json.WriteNumber("score", router.Score);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private Task StatusAsync(HttpContext context)
    {
        var standings = _balancer.Standings();
        return JsonAnswer.OkAsync(context, json =>
        {
            json.WriteNumber("timestamp", Now);
            json.WriteNumber("total_servers", standings.Count);
            json.WriteNumber("active_servers", standings.Count(s => s.IsValid));
            json.WriteStartArray("servers");
            foreach (var standing in standings)
            {
                WriteStanding(json, standing);
            }

            json.WriteEndArray();
            json.WriteNumber("active_decisions", _balancer.DecisionCount);
        });
    }

    private Task HealthAsync(HttpContext context) => JsonAnswer.OkAsync(context, json =>
    {
        json.WriteString("status", "healthy");
        json.WriteNumber("timestamp", Now);
    });

    private static void WriteStanding(Utf8JsonWriter json, RouterStanding standing)
    {
        var report = standing.Report;
        json.WriteStartObject();
        json.WriteString("server_id", report.RouterId);
        json.WriteString("server_name", report.Name);
        json.WriteString("status", standing.IsValid ? "active" : "stale");
        json.WriteNumber("cpu_percent", report.CpuPercent);
        json.WriteNumber("memory_percent", report.MemoryPercent);
        json.WriteNumber("bandwidth_mbps", report.BandwidthMbps);
        json.WriteNumber("active_tunnels", report.ActiveTunnels);
        json.WriteNumber("score", standing.Score);
        json.WriteString("internal_ip", report.InternalIp);
        json.WriteString("external_ip", report.ExternalIp);
        json.WriteNumber("age_seconds", standing.Age.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteRouter(Utf8JsonWriter json, string prefix, RouterStanding? router)
    {
        json.WriteString($"{prefix}_id", router?.Report.RouterId);
        json.WriteString($"{prefix}_internal_ip", router?.Report.InternalIp);
        json.WriteString($"{prefix}_external_ip", router?.Report.ExternalIp);
    }

    private static void WriteScore(Utf8JsonWriter json, string name, RouterStanding? router)
    {
        if (router is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, router.Score);
        }
    }
}
