using System.Net;
using System.Text.Json;

namespace FailoverLab.Services.Tests;

/// <summary>The figures for Prometheus, read by a reader of our own.</summary>
public sealed class MetricsTests
{
    [Test]
    public async Task Balancer_AfterReportsAndDecisions_FiguresSayThem()
    {
        const string Odd = "a \"quoted\" \\ back\\nslash {},= é";
        await using var service = RunningService.Balancer();
        await service.PostAsync("metrics", Bodies.Metrics);
        await service.PostAsync("metrics", Bodies.Report(JsonEncodedText.Encode(Odd).ToString(), 10));
        await service.GetJsonAsync("decision/a");
        await service.GetJsonAsync("decision/b");
        await service.GetJsonAsync("decision/b");
        await service.GetAsync("no/such");
        var samples = await ReadAsync(service);
        Assert.Multiple(() =>
        {
            Assert.That(Value("failoverlab_balancer_routers", ("state", "active")), Is.EqualTo(2));
            Assert.That(Value("failoverlab_balancer_routers", ("state", "stale")), Is.Zero);
            Assert.That(Value("failoverlab_balancer_decisions_total"), Is.EqualTo(3));
            Assert.That(Value("failoverlab_balancer_endpoints"), Is.EqualTo(2));
            Assert.That(Value("failoverlab_router_score", ("router", "router_1")), Is.EqualTo(0.77801).Within(1e-9));
            Assert.That(Value("failoverlab_router_cpu_percent", ("router", Odd)), Is.EqualTo(10));
            Assert.That(Value("failoverlab_http_requests_total", ("method", "POST"), ("route", "/metrics"), ("code", "200")), Is.EqualTo(2));
            Assert.That(Value("failoverlab_http_requests_total", ("method", "none"), ("route", "none"), ("code", "404")), Is.EqualTo(1));
            Assert.That(Value("failoverlab_process_resident_bytes"), Is.GreaterThan(1e6));
        });

        double Value(string name, params (string, string)[] labels) =>
            samples.Single(s => s.Name == name && s.Labels.Count == labels.Length && labels.All(l => s.Labels.GetValueOrDefault(l.Item1) == l.Item2)).Value;
    }

    [Test]
    public async Task Controller_AfterRegistrations_FiguresSayThem()
    {
        await using var service = RunningService.Controller();
        await service.PostAsync("register", Bodies.Register);
        var samples = await ReadAsync(service);
        var devices = samples.Single(s => s.Name == "failoverlab_controller_devices");
        Assert.That((devices.Labels["type"], devices.Labels["online"], devices.Value), Is.EqualTo(("endpoint", "true", 1.0)));
        Assert.That(samples.Single(s => s.Name == "failoverlab_controller_allocations").Value, Is.EqualTo(1));
    }

    [TestCase("a 1")]
    [TestCase("# TYPE a gauge\na{b=\"c} 1\n")]
    [TestCase("# TYPE a gauge\na 1\na 1\n")]
    [TestCase("a 1\n")]
    [TestCase("# TYPE a gauge\n# TYPE b gauge\na{x=\"1\"} 1\nb 1\na{x=\"2\"} 1\n")]
    public void Exposition_OfWrongForm_IsRefused(string text) => Assert.That(() => Exposition.Read(text), Throws.InstanceOf<Exception>());

    private static async Task<IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Labels, double Value)>> ReadAsync(RunningService service)
    {
        using var response = await service.Client.GetAsync("metrics");
        Assert.That((response.StatusCode, response.Content.Headers.ContentType?.ToString()), Is.EqualTo((HttpStatusCode.OK, "text/plain; version=0.0.4; charset=utf-8")));
        return Exposition.Read(await response.Content.ReadAsStringAsync());
    }
}
