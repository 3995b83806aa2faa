using System.Text;

namespace FailoverLab.Services;

/// <summary>The routes that every service has: its health, its document and its figures.</summary>
internal static class ServiceRoutes
{
    private static readonly IReadOnlyList<ApiField> Health = [ApiField.Text("status", "'healthy'"), ApiField.Number("timestamp", "now, Unix seconds")];

    /// <summary>A program's routes and these.</summary>
    /// <param name="program">The program.</param>
    /// <param name="counters">Counts of requests.</param>
    /// <param name="hasTokens">Whether callers are asked for a token; the document says so.</param>
    public static IReadOnlyList<ApiRoute> Complete(IWebProgram program, RequestCounters counters, bool hasTokens)
    {
        var document = Array.Empty<byte>();
        IReadOnlyList<ApiRoute> routes =
        [
            .. program.Routes,
            new("GET", "/metrics", AccessNeed.Read, "Figures for Prometheus.", call => MeasureAsync(call, program, counters)) { AnswerType = MetricsText.ContentType },
            new("GET", "/openapi.json", AccessNeed.Nothing, "This document.", call => BytesAsync(call, "application/json", document)) { AnswerType = "application/json" },
        ];
        document = OpenApiDocument.Write(program.Title, routes, hasTokens);
        return routes;
    }

    /// <summary>The route by which a watcher sees that a service lives.</summary>
    public static ApiRoute HealthOf(TimeProvider time) => new("GET", "/health", AccessNeed.Nothing, "Whether the service lives.", call => call.OkAsync(json =>
    {
        json.WriteString("status", "healthy");
        json.WriteNumber("timestamp", JsonAnswer.Seconds(time.GetUtcNow()));
    }))
    {
        Answer = Health,
    };

    private static Task MeasureAsync(ApiCall call, IWebProgram program, RequestCounters counters)
    {
        var text = new MetricsText();
        program.Measure(text);
        counters.Measure(text);
        text.Single("failoverlab_process_resident_bytes", "gauge", "Resident memory of the process.", Environment.WorkingSet);
        text.Single("failoverlab_process_cpu_seconds_total", "counter", "Processor time of the process.", Environment.CpuUsage.TotalTime.TotalSeconds);
        return BytesAsync(call, MetricsText.ContentType, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static async Task BytesAsync(ApiCall call, string type, byte[] bytes)
    {
        var response = call.Context.Response;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, call.Context.RequestAborted);
    }
}
