using FailoverLab.Hosts;
using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Restoration.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GuardedLinksTests : IDisposable
{
    private readonly FileHost _host = new();

    public void Dispose() => _host.Dispose();

    [TestCase(LinkDriver.Netem)]
    [TestCase(LinkDriver.Pve)]
    public async Task StopAsync_AfterItsSteps_LinkIsAsItWasFound(LinkDriver kind)
    {
        _host["wan"] = "good";
        var (events, outcome) = await PlayAsync(kind, () => { });

        Assert.That(_host["wan"], Is.EqualTo("good"));
        Assert.That(outcome.IsRestored, Is.True, string.Join('\n', outcome.Left));
        Assert.That(events.Select(e => e.Text), Has.Some.Contains("before: good").And.Some.Contains("wan: lossy").And.Some.EqualTo("as it was found"));
        Assert.That(_host.State.Journals(), Is.Empty);
    }

    [Test]
    public async Task StopAsync_SomebodyElseChangedTheLink_IsAFaultThatNamesTheCommands()
    {
        _host["wan"] = "good";
        var (events, outcome) = await PlayAsync(LinkDriver.Netem, () => _host["wan"] = "a human's");

        Assert.That(_host["wan"], Is.EqualTo("a human's"));
        Assert.That(outcome.IsRestored, Is.False);
        Assert.That(events.Where(e => e.Kind == RunEventKind.Fault).Select(e => e.Text), Has.Some.Contains("a human's"));
    }

    [TestCase("strange", 1)]
    [TestCase("good", 0)]
    public async Task ArmAsync_LinkOfWhichNotAllIsKnown_IsACaveat(string found, int expected)
    {
        _host["wan"] = found;
        var (events, _) = await PlayAsync(LinkDriver.Pve, () => { });

        var caveats = events.Where(e => e.Data?.GetValueOrDefault(RunEvent.CaveatKey) == Caveat.LinkNotAudited).ToList();
        Assert.That(caveats.Select(e => e.Data!["path"]), Is.EqualTo(Enumerable.Repeat("wan", expected)));
        Assert.That(caveats.Select(e => e.Text), Is.All.Contains("(strange)"));
    }

    private async Task<(List<RunEvent> Events, RestorationOutcome Outcome)> PlayAsync(LinkDriver kind, Action afterwards)
    {
        var lab = new LabRestoration(_host.Begin(), TimeProvider.System);
        await using var place = new GuardedLinks(
            lab, new ReachedShells([], SystemClock.Shared, TimeProvider.System), (link, shell) => new FileDriver(_host, link.Name, shell), _ => _host.Options(), SystemClock.Shared);
        await place.ArmAsync(Plan(kind), _host.RunDirectory, CancellationToken.None);
        await place.FireAsync(SystemClock.Shared.RealtimeNs);
        var events = new List<RunEvent>();
        do
        {
            events.Add(await place.Events.ReadAsync());
        }
        while (events[^1].Kind != RunEventKind.Fault && events[^1].Step is null);

        Assert.That(_host["wan"], Is.EqualTo("lossy"));
        afterwards();
        await place.StopAsync();
        while (place.Events.TryRead(out var item))
        {
            events.Add(item);
        }

        return (events, place.Outcome!);
    }

    private static RunPlan Plan(LinkDriver kind) => new()
    {
        Scenario = "s",
        Description = "",
        Duration = TimeSpan.FromSeconds(1),
        Seed = 1,
        Topology = null,
        Hosts = [new HostPlan("h", HostTransport.Local, "")],
        Links = [new LinkPlan { Name = "wan", Path = "wan", Driver = kind, Host = "h", Lan = "a", Wan = "b", Profile = new LinkChange() }],
        Steps =
        [
            new StepPlan
            {
                Name = "01-degrade-wan",
                Host = "h",
                At = TimeSpan.Zero,
                Action = new LinkChangeStep("wan", LinkDirection.Both, new LinkChange(), IsRestore: false),
                Command = "degrade wan",
                Undo = "",
                Position = new SourcePosition("s.yaml", 1, 1),
            },
        ],
        Expectations = [],
    };

    /// <summary>A link that is a file: changed through the shell it is given, or without one.</summary>
    private sealed class FileDriver(FileHost host, string link, IShell? shell) : ILinkDriver
    {
        public string Link => link;

        public string Kind => shell is null ? "pve" : "file";

        public IReadOnlyList<string> CannotDo(LinkChange change) => [];

        public Task<LinkSnapshot> SnapshotAsync(CancellationToken cancellationToken)
        {
            var intent = host.Intent(link);
            return Task.FromResult(new LinkSnapshot
            {
                Link = link,
                Host = "h",
                Kind = Kind,
                Undo = shell is null ? [] : intent.Undo,
                Checks = shell is null ? [] : intent.Checks,
                Words = host[link],
                State = host[link],
                IsUnknown = host[link] == "strange",
            });
        }

        public async Task<LinkApplied> ApplyAsync(LinkDirection direction, LinkChange change, CancellationToken cancellationToken)
        {
            if (shell is null)
            {
                host[link] = "lossy";
            }
            else
            {
                await shell.RunAsync(host.Write(link, "lossy"), cancellationToken);
            }

            return new LinkApplied(0, host[link]);
        }

        public Task<LinkApplied> UndoAsync(LinkSnapshot snapshot, CancellationToken cancellationToken)
        {
            host[link] = snapshot.State;
            return Task.FromResult(new LinkApplied(0, host[link]));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
