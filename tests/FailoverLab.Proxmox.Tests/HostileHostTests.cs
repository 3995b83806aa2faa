using FailoverLab.Primitives;
using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Proxmox.Tests;

/// <summary>Hosts that answer anything: each call ends with one clear fault.</summary>
public sealed class HostileHostTests : FakeHostTests
{
    private static readonly PveFault[] Clear = [PveFault.Malformed, PveFault.TooLarge, PveFault.Unreachable, PveFault.Server, PveFault.NotFound];

    private static readonly string[] Garbage =
    [
        "", "null", "[]", "{}", "true", "{\"data\":", "{\"data\":{}}x", "\u0000\u0001", "<html><script>alert(1)</script></html>",
        "{\"data\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
        "{\"data\":{\"version\":\"\\ud800\",\"status\":\"\\ud800\",\"digest\":\"\\udc00\"}}", "{\"data\":null}", "{\"data\":7}", "{\"data\":\"x\"}", "{\"data\":[7]}", "{\"data\":[{\"vmid\":\"x\"}]}", "{\"data\":[{\"vmid\":{},\"node\":[],\"name\":7,\"status\":[]}]}",
        "{\"data\":{\"version\":[],\"status\":{},\"digest\":7.5,\"upid\":[],\"port\":\"x\",\"pid\":1e300,\"exited\":\"maybe\"}}", "{\"data\":{\"status\":\"up\",\"pid\":99999999999999999999}}",
    ];

    [TestCaseSource(nameof(Garbage))]
    public async Task Answer_ThatIsGarbage_IsAClearFaultOfEveryCall(string body)
    {
        Host.Faults.Add(FakeFault.Body(_ => true, body.StartsWith('<') ? "text/html" : "application/json", body) with { Times = int.MaxValue });
        var client = Client();
        var machine = client.Machine("pve1", 101);
        foreach (var call in new Func<Task>[]
        {
            () => client.VersionAsync(None), () => client.NodesAsync(None), () => client.MachinesAsync("pve1", None), () => machine.StatusAsync(None), () => machine.ConfigAsync(None),
            () => machine.SnapshotsAsync(None), () => machine.ResetAsync(None), () => machine.ExecAsync(["true"], null, TimeSpan.FromSeconds(1), None), () => machine.OpenSerialAsync(0, None),
            () => Client(Host.PasswordEndpoint).VersionAsync(None), () => client.Tasks.StateAsync(Upid.Parse("UPID:pve1:00000001:00000001:00000001:x::root@pam:")!, None),
        })
        {
            try
            {
                await call();
            }
            catch (PveException fault)
            {
                Assert.That(fault.Fault, Is.EqualTo(PveFault.Malformed).Or.EqualTo(PveFault.Unauthorized), fault.ToString());
                Assert.That(fault.Message, Does.Not.Contain("script").And.Not.Contains("\u0001"));
            }
        }
    }

    [TestCase(1u)]
    [TestCase(2u)]
    public async Task Answer_OfARealOneBroken_IsAnAnswerOrAClearFault(uint seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        const string real = """{"data":{"vmid":101,"name":"wanulator-byu","status":"running","uptime":3600,"qmpstatus":"running","ha":{"managed":0},"agent":1,"digest":"da39a3ee5e6b4b0d3255bfef95601890afd80709","net0":"virtio=A,bridge=b"}}""";
        Host.Faults.Add(new FakeFault(_ => true, c => c.Response.Body.WriteAsync(Broken(random, real)).AsTask()) { Times = int.MaxValue });
        var machine = Machine();
        for (var round = 0; round < 150; round++)
        {
            try
            {
                await (round % 2 == 0 ? (Task)machine.StatusAsync(None) : machine.ConfigAsync(None));
            }
            catch (PveException fault) when (Clear.Contains(fault.Fault))
            {
                Assert.That(fault.Message.Any(char.IsControl), Is.False);
            }
        }

        Assert.That(Host.Requests, Has.Count.GreaterThanOrEqualTo(150));
    }

    [Test]
    public async Task Answer_WithoutEnd_IsCutAtItsLimit()
    {
        Host.Faults.Add(FakeFault.Endless(_ => true) with { Times = 10 });
        var refused = await Thrown.ByAsync(() => Client().VersionAsync(None));
        Assert.That((refused.Fault, refused.Message, Host.Requests.Count), Is.EqualTo((PveFault.TooLarge, "fake: GET /version: the answer is longer than 8 MiB", 1)));
    }

    [Test]
    public async Task Answer_ThatTrickles_EndsInTime()
    {
        Host.Faults.Add(FakeFault.Trickle(_ => true));
        var refused = await Thrown.ByAsync(() => Client(Host.TokenEndpoint with { Timeout = TimeSpan.FromMilliseconds(400) }).VersionAsync(None));
        Assert.That(refused.Fault, Is.EqualTo(PveFault.TimedOut));
    }

    [Test]
    public async Task Answer_WithHugeHeaders_IsAClearFault()
    {
        Host.Faults.Add(new FakeFault(_ => true, c =>
        {
            c.Response.Headers["X-Long"] = new string('x', 60_000);
            return Task.CompletedTask;
        }));
        var refused = await Thrown.ByAsync(() => Client().VersionAsync(None));
        Assert.That(refused.Fault, Is.EqualTo(PveFault.TooLarge));
    }

    [TestCase("https://elsewhere.example:8006/api2/json/version")]
    [TestCase("/api2/json/nodes")]
    public async Task Redirection_AnyWhere_IsNotFollowed(string to)
    {
        Host.Faults.Add(FakeFault.Redirect(_ => true, to));
        var refused = await Thrown.ByAsync(() => Client().VersionAsync(None));
        Assert.That((refused.Fault, Host.Requests.Count), Is.EqualTo((PveFault.Redirected, 1)));
    }

    [TestCase(500)]
    [TestCase(502)]
    public async Task ErrorPage_OfAProxy_IsNamedAndNotShown(int status)
    {
        Host.Faults.Add(FakeFault.Body(_ => true, "text/html", "<html><body>secret page</body></html>", status) with { Times = 5 });
        var refused = await Thrown.ByAsync(() => Client().VersionAsync(None));
        Assert.That(refused.Message, Does.StartWith($"GET /version: {status} ").And.Not.Contains("secret page"));
    }

    [TestCase("pve1/../..")]
    [TestCase("pve1?x=1")]
    [TestCase("-pve1")]
    [TestCase("pve1\r\nX: y")]
    [TestCase("")]
    public async Task Node_ThatIsNoName_IsRefusedUnsent(string node)
    {
        var refused = await Thrown.ByAsync(() => Client().MachinesAsync(node, None));
        Assert.That((refused.Fault, Host.Requests.Count), Is.EqualTo((PveFault.BadRequest, 0)));
    }

    private static byte[] Broken(SeededRandom random, string real)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(real);
        for (var i = random.Next(4); i >= 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
