using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FailoverLab.Services;

/// <summary>Counts requests by route and status code; what fits no route counts as one. Safe from any thread.</summary>
internal sealed class RequestCounters
{
    private const string NoRoute = "none";

    private readonly ConcurrentDictionary<(string Method, string Route, int Code), StrongBox<long>> _counts = new();

    /// <summary>Counts a request that was answered.</summary>
    public void Count(HttpContext context)
    {
        // Neither path nor method of a request without a route are labels: whoever asks for nonsense would fill the memory.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var key = (route is null ? NoRoute : context.Request.Method, route ?? NoRoute, context.Response.StatusCode);
        Interlocked.Increment(ref _counts.GetOrAdd(key, _ => new StrongBox<long>()).Value);
    }

    /// <summary>Writes the counts.</summary>
    public void Measure(MetricsText text)
    {
        text.Family("failoverlab_http_requests_total", "counter", "Requests answered.");
        foreach (var ((method, route, code), count) in _counts.OrderBy(c => c.Key))
        {
            text.Sample(count.Value, ("method", method), ("route", route), ("code", code.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }
}
