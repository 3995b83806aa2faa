using FailoverLab.Proxmox.Testing;

namespace FailoverLab.Proxmox.Tests;

/// <summary>Tests against a fake host each of its own. Whatever they ask and are answered must be in PVE's published API, where that is at hand.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class FakeHostTests
{
    private readonly List<PveClient> _clients = [];

    protected static CancellationToken None => CancellationToken.None;

    protected FakePve Host { get; private set; } = null!;

    [SetUp]
    public async Task StartHost() => Host = await FakePve.StartAsync();

    [TearDown]
    public async Task EndHost()
    {
        _clients.ForEach(c => c.Dispose());
        await Host.DisposeAsync();
        Assert.That(Host.SchemaFaults, Is.Empty);
    }

    protected PveClient Client(PveEndpoint? endpoint = null)
    {
        var client = new PveClient(endpoint ?? Host.TokenEndpoint, Host.Time);
        _clients.Add(client);
        return client;
    }

    protected PveMachine Machine(int vmid = 101, PveEndpoint? endpoint = null) => Client(endpoint).Machine("pve1", vmid);

    protected int Asked(string method, string path) => Host.Requests.Count(r => r.Method == method && r.Path == path);
}
