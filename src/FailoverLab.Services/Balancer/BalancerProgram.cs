using System.Text.Json;
using FailoverLab.Control;
using FailoverLab.State;
using Microsoft.AspNetCore.Http;

namespace FailoverLab.Services;

/// <summary>The load balancer's HTTP API.</summary>
public sealed class BalancerProgram : IWebProgram
{
    private readonly RouterBalancer _balancer;
    private readonly TimeProvider _time;
    private readonly DecisionAnswer _answer = new();
    private readonly SiteDirectory _directory;
    private readonly string? _businessServerIp;
    private readonly StateWriter? _writer;
    private long _decisions;
    private long _switches;

    private BalancerProgram(BalancerConfig config, TimeProvider time, ServiceLog log)
    {
        _time = time;
        _businessServerIp = config.BusinessServerIp;
        var file = config.Service.StatePath is { } path ? BalancerStateFile.Open(path) : null;
        try
        {
            var kept = file?.Load();
            _balancer = new RouterBalancer(config.Rules, time, kept);
            _directory = new SiteDirectory(kept?.Hosts ?? []);
        }
        catch
        {
            file?.Dispose();
            throw;
        }

        _writer = file is null ? null : new StateWriter(file, () => Save(file), log, time);
        Routes =
        [
            new("POST", "/metrics", AccessNeed.ReportOwn, "Takes a router's report of its load.", ReportAsync)
            {
                Body = BalancerFields.Report, Answer = BalancerFields.Reported, Faults = new Dictionary<int, string> { [503] = "Too many routers." },
            },
            new("GET", "/decision/{endpoint_id}", AccessNeed.ReadOwn, "Decides which routers an endpoint is to use.", DecideAsync)
            {
                Answer = BalancerFields.Decision, Faults = new Dictionary<int, string> { [503] = "No router has reported recently." },
            },
            new("GET", "/status", AccessNeed.Read, "All routers and their scores.", StatusAsync) { Answer = BalancerFields.Status },
            .. new SiteRoutes(_directory, time).All(),
            ServiceRoutes.HealthOf(time),
        ];
    }

    string IWebProgram.Title => "FailoverLab load balancer";

    IReadOnlyList<ApiRoute> IWebProgram.Routes => Routes;

    private IReadOnlyList<ApiRoute> Routes { get; }

    private double Now => JsonAnswer.Seconds(_time.GetUtcNow());

    /// <summary>Serves until canceled.</summary>
    /// <param name="config">What to do.</param>
    /// <param name="host">Streams and gate.</param>
    /// <param name="cancel">Ends the service in good order.</param>
    /// <returns>Exit status: 0, or 4 when it may not or cannot listen, or its state file cannot be used.</returns>
    public static Task<int> RunAsync(BalancerConfig config, ServiceHost host, CancellationToken cancel) =>
        WebService.RunAsync(config.Service, host, log => new BalancerProgram(config, host.Time, log), "balancer", cancel);

    /// <summary>Writes down what is to be kept.</summary>
    public ValueTask DisposeAsync() => _writer?.DisposeAsync() ?? ValueTask.CompletedTask;

    void IWebProgram.Measure(MetricsText text)
    {
        var standings = _balancer.Standings();
        text.Family("failoverlab_balancer_routers", "gauge", "Routers known, by whether their report still counts.");
        text.Sample(standings.Count(s => s.IsValid), ("state", "active"));
        text.Sample(standings.Count(s => !s.IsValid), ("state", "stale"));
        text.Single("failoverlab_balancer_endpoints", "gauge", "Endpoints that have a decision.", _balancer.DecisionCount);
        text.Single("failoverlab_balancer_decisions_total", "counter", "Decisions told.", Interlocked.Read(ref _decisions));
        text.Single("failoverlab_balancer_switches_total", "counter", "Decisions that changed an endpoint's router.", Interlocked.Read(ref _switches));
        Routers(text, standings, "failoverlab_router_score", "A router's score; more is freer.", s => s.Score);
        Routers(text, standings, "failoverlab_router_report_age_seconds", "Age of a router's report.", s => s.Age.TotalSeconds);
        Routers(text, standings, "failoverlab_router_cpu_percent", "Share of a router's processors in use.", s => s.Report.CpuPercent);
        Routers(text, standings, "failoverlab_router_memory_percent", "Share of a router's memory in use.", s => s.Report.MemoryPercent);
        Routers(text, standings, "failoverlab_router_bandwidth_mbps", "Mbit/s a router sends.", s => s.Report.BandwidthMbps);
        Routers(text, standings, "failoverlab_router_active_tunnels", "Tunnels a router serves.", s => s.Report.ActiveTunnels);
        _writer?.Measure(text);
    }

    private static void Routers(MetricsText text, IReadOnlyList<RouterStanding> standings, string name, string help, Func<RouterStanding, double> value)
    {
        text.Family(name, "gauge", help);
        foreach (var standing in standings)
        {
            text.Sample(value(standing), ("router", standing.Report.RouterId));
        }
    }

    private void Save(BalancerStateFile file)
    {
        var changes = _balancer.TakeChanges() with { Hosts = _directory.TakeChanges() };
        if (changes.IsEmpty)
        {
            return;
        }

        try
        {
            file.Save(changes);
        }
        catch (StateFileException)
        {
            _balancer.PutBack(changes);
            _directory.PutBack(changes.Hosts);
            throw;
        }
    }

    private async Task ReportAsync(ApiCall call)
    {
        if (await call.ReadAsync(ReadReport, r => r.RouterId) is not { } report)
        {
            return;
        }

        if (_balancer.Report(report) is not { } score)
        {
            await call.ErrorAsync(StatusCodes.Status503ServiceUnavailable, "too many routers");
            return;
        }

        await call.OkAsync(json =>
        {
            json.WriteString("status", "ok");
            json.WriteNumber("score", score);
        });
    }

    private static RouterReport ReadReport(JsonRequest request)
    {
        var id = request.Required(BalancerFields.ServerId);
        request.Number(BalancerFields.Timestamp);
        request.Number(BalancerFields.Received);
        request.Number(BalancerFields.Sent);
        return new RouterReport(
            id,
            request.Text(BalancerFields.ServerName) ?? id,
            request.Number(BalancerFields.Cpu),
            request.Number(BalancerFields.Memory),
            request.Number(BalancerFields.Bandwidth),
            (int)request.Number(BalancerFields.Tunnels),
            request.Text(BalancerFields.InternalIp),
            request.Text(BalancerFields.ExternalIp));
    }

    private async Task DecideAsync(ApiCall call)
    {
        if (await call.ReadIdAsync() is not { } endpointId)
        {
            return;
        }

        if (_balancer.Decide(endpointId) is not { } decision)
        {
            await call.ErrorAsync(StatusCodes.Status503ServiceUnavailable, "no router has reported recently");
            return;
        }

        Interlocked.Increment(ref _decisions);
        if (decision.PreviousPrimary is not null)
        {
            Interlocked.Increment(ref _switches);
        }

        await _answer.WriteAsync(call.Context, decision, _directory.Find(SiteDirectory.Business)?.Address ?? _businessServerIp, Now);
    }

    private Task StatusAsync(ApiCall call)
    {
        var standings = _balancer.Standings();
        return call.OkAsync(json =>
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
}
