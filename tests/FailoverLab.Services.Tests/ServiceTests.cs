using System.Net;
using System.Text.Json;
using FailoverLab.Control;

namespace FailoverLab.Services.Tests;

/// <summary>The services over real HTTP on loopback.</summary>
public sealed class ServiceTests
{
    [Test]
    public async Task Balancer_ReportAndDecide_BothShapesInOneAnswer()
    {
        await using var service = RunningService.Balancer();
        Assert.That(await service.GetAsync("decision/endpoint_1"), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "no router has reported recently")));
        var (status, ok) = await service.PostAsync("metrics", Bodies.Metrics);
        Assert.That((status, ok.GetProperty("status").GetString(), ok.GetProperty("score").GetDouble()), Is.EqualTo((HttpStatusCode.OK, "ok", 0.77801)).Using<double>((a, b) => Math.Abs(a - b) < 1e-9 ? 0 : 1));

        var decision = await service.GetJsonAsync("decision/endpoint_1");
        foreach (var shape in (string[])["optimal_router", "primary_router"])
        {
            Assert.That(decision.GetProperty($"{shape}_id").GetString(), Is.EqualTo("router_1"));
            Assert.That(decision.GetProperty($"{shape}_external_ip").GetString(), Is.EqualTo("2001:db8::c0a8:1fb"));
        }

        Assert.That(decision.GetProperty("backup_router_id").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(decision.GetProperty("business_server_ip").GetString(), Is.EqualTo("198.51.100.10"));
        var server = (await service.GetJsonAsync("status")).GetProperty("servers")[0];
        Assert.That(server.GetProperty("status").GetString(), Is.EqualTo("active"));
        Assert.That((await service.GetJsonAsync("health")).GetProperty("status").GetString(), Is.EqualTo("healthy"));
    }

    [TestCase("controller", "controller not registered")]
    [TestCase("business", "business server not registered")]
    public async Task Balancer_HostOfTheSiteRegisters_ToldToWhoAsks(string kind, string unknown)
    {
        await using var service = RunningService.Balancer();
        Assert.That(await service.GetAsync($"{kind}_info"), Is.EqualTo((HttpStatusCode.NotFound, unknown)));
        foreach (var address in (string[])["192.0.2.7", "192.0.2.8"])
        {
            var (status, answer) = await service.PostAsync($"register_{kind}", $$"""{"{{kind}}_id":"x 1","{{kind}}_ip":"{{address}}","timestamp":1699660800.5}""");
            Assert.That((status, answer.GetRawText()), Is.EqualTo((HttpStatusCode.OK, """{"status":"ok"}""")));
        }

        var info = await service.GetJsonAsync($"{kind}_info");
        Assert.That(info.EnumerateObject().Select(m => m.Name), Is.EqualTo(new[] { $"{kind}_id", $"{kind}_ip", "reported_timestamp", "registered_at" }));
        Assert.That((info.GetProperty($"{kind}_id").GetString(), info.GetProperty($"{kind}_ip").GetString(), info.GetProperty("reported_timestamp").GetDouble()), Is.EqualTo(("x 1", "192.0.2.8", 1699660800.5)));

        await service.PostAsync("metrics", Bodies.Metrics);
        var told = (await service.GetJsonAsync("decision/endpoint_1")).GetProperty("business_server_ip").GetString();
        Assert.That(told, Is.EqualTo(kind == "business" ? "192.0.2.8" : "198.51.100.10"), "what it says itself goes before what the file says");
    }

    [TestCase("", HttpStatusCode.BadRequest)]
    [TestCase("{", HttpStatusCode.BadRequest)]
    [TestCase("[]", HttpStatusCode.UnprocessableEntity)]
    [TestCase("{\"server_id\":7}", HttpStatusCode.UnprocessableEntity)]
    [TestCase("{\"server_id\":\"r\",\"cpu_percent\":900}", HttpStatusCode.UnprocessableEntity)]
    public async Task Balancer_BadBody_RefusedWithAReason(string body, HttpStatusCode expected)
    {
        await using var service = RunningService.Balancer();
        var (status, answer) = await service.PostAsync("metrics", body);
        Assert.That(status, Is.EqualTo(expected));
        Assert.That(answer.GetProperty("detail").GetString(), Is.Not.Empty);
    }

    [Test]
    public async Task Balancer_OversizeDeepOrMisdirected_RefusedAndStillServing()
    {
        await using var service = RunningService.Balancer();
        Assert.That((await service.PostAsync("metrics", new string(' ', 100_000) + Bodies.Metrics)).Status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That((await service.PostAsync("metrics", new string('[', 20_000))).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await service.GetAsync("nowhere")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await service.GetAsync("register")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await service.SendAsync(HttpMethod.Delete, "metrics")).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That((await service.PostAsync("metrics", Bodies.Metrics)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Controller_RegisterAndAsk_AsTheOriginalAnswers()
    {
        await using var service = RunningService.Controller();
        var (status, answer) = await service.PostAsync("register", """{"device_id":"endpoint_1","device_type":"endpoint","hostname":"h","management_ip":"192.0.2.9","interfaces":["eth0",{"name":"eth1"}]}""");
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        var config = answer.GetProperty("config");
        Assert.That((config.GetProperty("tun_ipv4").GetString(), config.GetProperty("tun_ipv6").GetString(), config.GetProperty("tunnel_port").GetInt32()), Is.EqualTo(("10.10.100.1", "fd00:100::1", 51820)));
        Assert.That((await service.PostAsync("status", """{"device_id":"endpoint_1","status":"fine","timestamp":1}""")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await service.PostAsync("config", """{"device_id":"ghost","config_type":"full","config_data":{}}""")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await service.PostAsync("register", """{"device_id":"x","device_type":"toaster"}""")).Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That((await service.PostAsync("register", """{"device_id":"r","device_type":"router"}""")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await service.PostAsync("register", """{"device_id":"s","device_type":"router"}""")).Status, Is.EqualTo(HttpStatusCode.InternalServerError), "the pool has two");
        var device = (await service.GetJsonAsync("device/endpoint_1"));
        Assert.That((device.GetProperty("status").GetString(), device.GetProperty("online").GetBoolean()), Is.EqualTo(("fine", true)));
        Assert.That((await service.GetJsonAsync("devices")).GetProperty("total_devices").GetInt32(), Is.EqualTo(2));
        Assert.That((await service.GetJsonAsync("topology")).GetProperty("routers").GetArrayLength(), Is.EqualTo(1));
        Assert.That((await service.GetJsonAsync("allocations")).GetProperty("total").GetInt32(), Is.GreaterThanOrEqualTo(2));
        Assert.That((await service.GetAsync("device/ghost")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Balancer_InputClosedAtTheGate_EndsWithoutServing()
    {
        var output = new StringWriter();
        var status = await BalancerProgram.RunAsync(new BalancerConfig(ServiceConfig.Plain(new IPEndPoint(IPAddress.Loopback, 0)), BalancerRules.Default, null), new ServiceHost(output, TextWriter.Null, new StringReader(""), TimeProvider.System), CancellationToken.None);
        Assert.That(status, Is.Zero);
        Assert.That(output.ToString(), Does.Contain("\"event\":\"armed\"").And.Not.Contain("ready"));
    }
}
