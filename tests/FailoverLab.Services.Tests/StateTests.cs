using FailoverLab.Control;

namespace FailoverLab.Services.Tests;

/// <summary>What the services keep over a restart.</summary>
public sealed class StateTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("failoverlab-state").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Balancer_Restarted_KeepsReportsAndDecisions()
    {
        var state = Path.Combine(_folder, "lb.db");
        await using (var service = RunningService.Balancer(state: state))
        {
            await service.PostAsync("metrics", Bodies.Report("r1", 10));
            Assert.That((await service.GetJsonAsync("decision/e")).GetProperty("primary_router_id").GetString(), Is.EqualTo("r1"));
            await service.PostAsync("metrics", Bodies.Report("r0", 5));
            await service.PostAsync("register_business", """{"business_id":"b","business_ip":"192.0.2.9","timestamp":1}""");
        }

        await using var again = RunningService.Balancer(state: state);
        Assert.That((await again.GetJsonAsync("status")).GetProperty("active_servers").GetInt32(), Is.EqualTo(2));
        Assert.That((await again.GetJsonAsync("decision/e")).GetProperty("primary_router_id").GetString(), Is.EqualTo("r1"), "the decision is kept; a new endpoint would get r0");
        Assert.That((await again.GetJsonAsync("business_info")).GetProperty("business_ip").GetString(), Is.EqualTo("192.0.2.9"));
        Assert.That((await again.GetJsonAsync("decision/new")).GetProperty("primary_router_id").GetString(), Is.EqualTo("r0"));
    }

    [Test]
    public async Task Controller_Restarted_KeepsDevicesConfigsAndAddresses()
    {
        var state = Path.Combine(_folder, "nc.db");
        await using (var service = RunningService.Controller(state: state))
        {
            await service.PostAsync("register", Bodies.Register);
            await service.PostAsync("config", Bodies.Config);
        }

        await using var again = RunningService.Controller(state: state);
        var device = await again.GetJsonAsync("device/endpoint_1");
        Assert.That((device.GetProperty("tun_ipv4").GetString(), device.GetProperty("interfaces").GetArrayLength()), Is.EqualTo(("10.10.100.1", 2)));
        var (_, other) = await again.PostAsync("allocate_ip", """{"device_id":"other"}""");
        Assert.That(other.GetProperty("tun_ipv4").GetString(), Is.EqualTo("10.10.100.2"), "the address of the first is taken");
    }

    [Test]
    public async Task Start_StateInUse_RefusedWithOneClearError()
    {
        var state = Path.Combine(_folder, "lb.db");
        await using var service = RunningService.Balancer(state: state);
        var (status, error) = await StartAsync(state);
        Assert.That((status, error), Is.EqualTo((4, $"error: balancer is not started: the state file '{state}' is in use by another process\n")));
    }

    [TestCase("this is no database, but long enough to be looked at as if it were one", "is damaged or not a state file")]
    [TestCase(null, "cannot be opened: no such directory, or no right to it")]
    public async Task Start_StateUnusable_RefusedWithOneClearError(string? content, string expected)
    {
        var state = Path.Combine(_folder, content is null ? "nowhere/lb.db" : "lb.db");
        if (content is not null)
        {
            await File.WriteAllTextAsync(state, string.Concat(Enumerable.Repeat(content, 100)));
        }

        var (status, error) = await StartAsync(state);
        Assert.That(status, Is.EqualTo(4));
        Assert.That(error, Does.Contain(expected).And.Not.Contain(" at "));
    }

    private static async Task<(int Status, string Error)> StartAsync(string state)
    {
        var error = new StringWriter();
        var config = new BalancerConfig(new ServiceConfig(RunningService.FreeEndPoint(), state, AccessRules.None, null), BalancerRules.Default, null);
        var status = await BalancerProgram.RunAsync(config, new ServiceHost(TextWriter.Null, error, null, TimeProvider.System), CancellationToken.None);
        return (status, error.ToString());
    }
}
