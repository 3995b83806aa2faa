using System.Net;
using FailoverLab.Control;
using FailoverLab.Primitives;
using FailoverLab.Yaml;

namespace FailoverLab.Services.Tests;

/// <summary>Who may do what, over real HTTP.</summary>
public sealed class AccessTests
{
    private const string Admin = "admin-0123456789abcdef";
    private const string Operator = "operator-0123456789abcdef";
    private const string Reader = "reader-0123456789abcdef";
    private const string Endpoint = "endpoint-0123456789abcdef";
    private const string Router = "router-0123456789abcdef";

    private static readonly AccessRules Rules = new(false, [
        new(Admin, AccessRole.Admin), new(Operator, AccessRole.Operator), new(Reader, AccessRole.Reader),
        new(Endpoint, AccessRole.Device, "endpoint_1"), new(Router, AccessRole.Device, "router_1")]);

    [Test]
    public async Task Balancer_EveryRoleAtEveryRoute_OnlyWhatItMay()
    {
        await using var service = RunningService.Balancer(access: Rules);
        await service.PostAsync("metrics", Bodies.Metrics, Admin);
        await CheckAsync(service, HttpMethod.Post, "metrics", Bodies.Metrics, null, 401, Admin, 200, Operator, 200, Reader, 403, Endpoint, 403, Router, 200, "no-such-token-0123456789", 401, Admin + "x", 401, "", 401);
        await CheckAsync(service, HttpMethod.Get, "decision/endpoint_1", null, null, 401, Admin, 200, Operator, 200, Reader, 200, Endpoint, 200, Router, 403);
        await CheckAsync(service, HttpMethod.Get, "status", null, null, 401, Admin, 200, Operator, 200, Reader, 200, Endpoint, 403, Router, 403);
        await CheckAsync(service, HttpMethod.Post, "register_business", """{"business_id":"router_1","business_ip":"192.0.2.9","timestamp":1}""", null, 401, Admin, 200, Operator, 200, Reader, 403, Endpoint, 403, Router, 200);
        await CheckAsync(service, HttpMethod.Get, "business_info", null, null, 401, Admin, 200, Operator, 200, Reader, 200, Endpoint, 200, Router, 200);
        await CheckAsync(service, HttpMethod.Get, "health", null, null, 200, Endpoint, 200);
        await CheckAsync(service, HttpMethod.Get, "openapi.json", null, null, 200);
    }

    [Test]
    public async Task Controller_EveryRoleAtEveryRoute_OnlyWhatItMay()
    {
        await using var service = RunningService.Controller(access: Rules);
        await CheckAsync(service, HttpMethod.Post, "register", Bodies.Register, null, 401, Reader, 403, Router, 403, Endpoint, 200, Operator, 200, Admin, 200);
        await CheckAsync(service, HttpMethod.Post, "config", Bodies.Config, null, 401, Reader, 403, Router, 403, Endpoint, 403, Operator, 403, Admin, 200);
        await CheckAsync(service, HttpMethod.Post, "status", Bodies.Status, null, 401, Reader, 403, Router, 403, Endpoint, 200, Operator, 200, Admin, 200);
        await CheckAsync(service, HttpMethod.Post, "allocate_ip", Bodies.Allocate, null, 401, Reader, 403, Router, 403, Endpoint, 200, Operator, 200, Admin, 200);
        await CheckAsync(service, HttpMethod.Get, "device/endpoint_1", null, null, 401, Reader, 200, Router, 403, Endpoint, 200, Operator, 200, Admin, 200);
        await CheckAsync(service, HttpMethod.Post, "push_config/endpoint_1", null, null, 401, Reader, 403, Router, 403, Endpoint, 403, Operator, 403, Admin, 200);
        foreach (var path in (string[])["devices", "topology", "allocations"])
        {
            await CheckAsync(service, HttpMethod.Get, path, null, null, 401, Reader, 200, Router, 403, Endpoint, 403, Operator, 200, Admin, 200);
        }
    }

    [TestCase("192.0.2.1", false, ExpectedResult = true)]
    [TestCase("0.0.0.0", false, ExpectedResult = true)]
    [TestCase("::", false, ExpectedResult = true)]
    [TestCase("0.0.0.0", true, ExpectedResult = false)]
    [TestCase("127.0.0.1", false, ExpectedResult = false)]
    [TestCase("::1", false, ExpectedResult = false)]
    public bool Refusal_BeyondLoopbackWithoutTokens_UnlessOpenIsSaid(string address, bool open)
    {
        var end = new IPEndPoint(IPAddress.Parse(address), 1);
        Assert.That(new ServiceConfig(end, null, Rules with { IsOpen = open }, null).Refusal, Is.Null, "with tokens");
        return new ServiceConfig(end, null, new AccessRules(open, []), null).Refusal is not null;
    }

    [Test]
    public async Task Start_OpenToAll_RefusedWithItsCode()
    {
        var error = new StringWriter();
        var config = new BalancerConfig(ServiceConfig.Plain(new IPEndPoint(IPAddress.Any, 8080)), BalancerRules.Default, null);
        Assert.That(await BalancerProgram.RunAsync(config, new ServiceHost(TextWriter.Null, error, null, TimeProvider.System), CancellationToken.None), Is.EqualTo(4));
        Assert.That(error.ToString(), Does.StartWith("error: FL2052: balancer is not started: 0.0.0.0:8080"));
    }

    [Test]
    public async Task Log_AfterRequestsWithTokens_HoldsNone()
    {
        await using var service = RunningService.Balancer(access: Rules);
        await service.PostAsync("metrics", Bodies.Metrics, Router);
        await service.PostAsync("metrics", Bodies.Metrics, "wrong-token-0123456789");
        var told = service.Log.ToString() + service.Error + await service.Client.GetStringAsync("openapi.json") + Rules + Rules.Tokens[0];
        foreach (var token in (string[])[Admin, Operator, Reader, Endpoint, Router, "wrong-token-0123456789"])
        {
            Assert.That(told, Does.Not.Contain(token));
        }
    }

    [Test]
    public void Read_TokensOfAllKinds_FaultsAtTheirPlaces()
    {
        Environment.SetEnvironmentVariable("FAILOVERLAB_TEST_TOKEN", Admin);
        Environment.SetEnvironmentVariable("FAILOVERLAB_TEST_SHORT", "short");
        const string Text = """
            server: { bind_address: 127.0.0.1 }
            security:
              tokens:
                - { token: "env:FAILOVERLAB_TEST_TOKEN", role: admin }
                - { token: "env:FAILOVERLAB_TEST_TOKEN", role: reader }
                - { token: "in the file itself", role: reader }
                - { token: "env:FAILOVERLAB_TEST_SHORT", role: reader }
                - { token: "env:FAILOVERLAB_TEST_TOKEN", role: device }
                - { token: "env:FAILOVERLAB_TEST_TOKEN", role: reader, device: r }
                - { token: "env:FAILOVERLAB_NO_SUCH", role: king }
            tls: { certificate: /no/such, key: /no/such }
            """;
        var bag = new DiagnosticBag();
        Assert.That(Configs.Read(Text, file => BalancerConfigReader.Read(file, bag)), Is.Null);
        Assert.That(bag.Sorted().Select(d => (d.Position.Line, d.Code)), Is.EqualTo(new[]
        {
            (5, ServiceCodes.SameToken), (6, ServiceCodes.Token), (7, ServiceCodes.Token), (8, ServiceCodes.TokenDevice), (9, ServiceCodes.TokenDevice),
            (10, YamlCodes.NoValue), (10, YamlCodes.NotAllowed), (11, ServiceCodes.Certificate),
        }), string.Join('\n', bag.Sorted()));
        Assert.That(string.Join('\n', bag.Sorted()), Does.Not.Contain(Admin).And.Not.Contain("in the file itself"));
    }

    private static async Task CheckAsync(RunningService service, HttpMethod method, string path, string? body, params object?[] tokenAndStatus)
    {
        foreach (var pair in tokenAndStatus.Chunk(2))
        {
            using var content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            var (status, answer) = await service.SendAsync(method, path, content, (string?)pair[0]);
            Assert.That((int)status, Is.EqualTo(pair[1]), $"{method} {path} with {pair[0] ?? "no token"}: {answer}");
        }
    }
}
