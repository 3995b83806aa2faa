using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FailoverLab.EmbeddedLab;
using FailoverLab.Emulator;
using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;
using FailoverLab.Wan;

namespace FailoverLab.Cli.Tests;

/// <summary><c>wan --control</c>: links that run are changed by lines, each answered.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WanControlTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-wan-control").FullName;
    private readonly CableSpace _space = new("", "2");

    public void Dispose()
    {
        _space.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Control => Path.Combine(_folder, "control");

    [Test]
    public async Task Tell_OneValue_ChangesItAndNoOther()
    {
        using var site = _space.Open("site");
        using var far = _space.Open("far");
        var running = Start("lan", "wan", "--delay", "1ms", "--loss", "0%");
        Assert.That(Pass(site, far, 50), Is.EqualTo(50));

        var (made, _) = await TellAsync("{ degrade: { link: lan-wan, direction: up, loss: 100% } }");
        Assert.That(made.GetProperty("state").GetString(), Is.EqualTo("made"));
        Assert.That(Pass(site, far, 50), Is.Zero);
        Assert.That(Pass(far, site, 50), Is.EqualTo(50));

        var (status, _) = await TellAsync("{ status: all }");
        var link = status.GetProperty("links")[0];
        Assert.Multiple(() =>
        {
            Assert.That(link.GetProperty("upAsked").GetString(), Does.Contain("loss 100%").And.Contain("delay 1ms"));
            Assert.That(link.GetProperty("downAsked").GetString(), Does.Contain("loss 0%").And.Contain("delay 1ms"));
            Assert.That(link.TryGetProperty("upDiffers", out _), Is.False);
            Assert.That(link.GetProperty("up").GetProperty("dropped").GetProperty("loss").GetInt64(), Is.EqualTo(50));
        });
        await TellAsync("{ restore: all }");
        Assert.That(Pass(site, far, 50), Is.EqualTo(50));
        await EndAsync(running);
    }

    [Test]
    public async Task Tell_InstantAhead_IsMadeThenOnAllLinksTogether()
    {
        var running = Start("lan", "wan", "lan2", "wan2");
        using var site = _space.Open("site");
        using var far = _space.Open("far");
        await TellAsync("{ status: all }");
        var atNs = SystemClock.Shared.RealtimeNs + 400_000_000;

        var (planned, _) = await TellAsync($"{{ at: {atNs}, degrade: {{ link: all, drop: true }} }}");
        Assert.That((planned.GetProperty("state").GetString(), planned.GetProperty("atNs").GetInt64()), Is.EqualTo(("planned", atNs)));
        if (SystemClock.Shared.RealtimeNs < atNs - 200_000_000)
        {
            Assert.That(Pass(site, far, 10), Is.EqualTo(10), "not before its instant");
        }

        SystemClock.Shared.WaitUntil(SystemClock.Shared.MonotonicNs + Math.Max(0, atNs - SystemClock.Shared.RealtimeNs) + 50_000_000);
        Assert.That(Pass(site, far, 10), Is.Zero);
        var (status, _) = await TellAsync("{ status: all }");
        var change = status.GetProperty("changes")[0];
        var effects = change.GetProperty("made").EnumerateArray().Select(m => m.GetProperty("effectNs").GetInt64()).ToList();
        Assert.That(effects, Has.Count.EqualTo(2));
        Assert.That(effects[1], Is.EqualTo(effects[0]).Within(1000), "the instant counts, whichever thread comes to it when");
        Assert.That(effects[0], Is.EqualTo(atNs).Within(20_000));
        await EndAsync(running);
    }

    [Test]
    public async Task Tell_CallOff_LeavesTheLinkAsItIs()
    {
        var running = Start("lan", "wan");
        var (planned, _) = await TellAsync($"{{ at: {SystemClock.Shared.RealtimeNs + 60_000_000_000}, degrade: {{ link: all, drop: true }} }}");
        var number = planned.GetProperty("change").GetInt32();

        var (off, _) = await TellAsync($"{{ call-off: {number} }}");
        Assert.That(off.GetProperty("state").GetString(), Is.EqualTo("called-off"));
        var (again, code) = await TellAsync($"{{ call-off: {number} }}");
        Assert.That((again.GetProperty("errors")[0].GetString(), code), Is.EqualTo(($"change {number} is called-off", (int)ExitCode.InvalidFile)));
        await EndAsync(running);
    }

    [TestCase("{ degrade: { link: lan-wan, loss: 150% } }", "control:1:35: error FL1025")]
    [TestCase("{ degrade: { link: lan-wam, loss: 15% } }", "did you mean 'lan-wan'?")]
    [TestCase("{ at: 1763808000, restore: all }", "the instant passed")]
    [TestCase("{ degrade: { link: all, trace: no-such.trace } }", "is not there")]
    public async Task Tell_Fault_IsAnsweredWithItsPlaceAndTheLinkGoesOn(string line, string words)
    {
        using var site = _space.Open("site");
        using var far = _space.Open("far");
        var running = Start("lan", "wan");
        var (answer, code) = await TellAsync(line);
        Assert.That(code, Is.EqualTo((int)ExitCode.InvalidFile));
        Assert.That(answer.GetProperty("errors")[0].GetString(), Does.Contain(words));
        Assert.That(Pass(site, far, 10), Is.EqualTo(10));
        await EndAsync(running);
    }

    [Test]
    public async Task Tell_NoSuchSocket_IsRefused()
    {
        var run = await CommandRun.OfAsync("wan", "tell", Control, "{ status: all }");
        Assert.That((run.Status, run.Output), Is.EqualTo(((int)ExitCode.Refused, "")));
        Assert.That(run.Error, Does.Contain("no link listens at"));
    }

    [Test]
    public async Task Wan_LinesOfTheStandardInput_AreAnsweredOnTheStandardOutput()
    {
        var lines = "# a comment\n{ degrade: { link: lan-wan, delay: 7ms } }\n\n{ status: lan-wan }\n{ end: true }\n";
        var run = await _space.RunAsync(() => CommandRun.WithInputAsync(() => new StringReader(lines), "wan", "lan", "wan", "--control", "-", "--for", "20s"));
        Assert.That(run.Status, Is.Zero, run.Error);
        var answers = run.Output.Split('\n').Take(3).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.That(answers.Select(a => a.GetProperty("line").GetInt32()), Is.EqualTo(new[] { 2, 4, 5 }));
        Assert.That(answers[1].GetProperty("links")[0].GetProperty("upAsked").GetString(), Does.Contain("delay 7ms"));
    }

    /// <summary>Slots and traces go by wall time: what is put on a running link says the same of each packet's arrival as the schedule does.</summary>
    [TestCase("slots: { period: 100ms, level: { min: 0s, max: 50ms }, start: { peak: 20ms, for: 30ms } }")]
    [TestCase("trace: { file: FILE, clock: wall }")]
    public async Task Tell_WhatGoesByWallTime_HasItsPhaseOnTheRunningLink(string keys)
    {
        var (log, trace) = (Path.Combine(_folder, "log.csv"), Path.Combine(_folder, "trace.csv"));
        await File.WriteAllTextAsync(trace, "50000,10000000,1000000000,0,1000\n50000,40000000,1000000000,0,1000\n");
        using var site = _space.Open("site");
        var running = Start("lan", "wan", "--log", log);
        await TellAsync($"{{ degrade: {{ link: all, overtake: true, {keys.Replace("FILE", trace, StringComparison.Ordinal)} }} }}");
        for (var i = 0; i < 300; i++)
        {
            site.Write(CableSpace.Frame(100));
            SystemClock.Shared.WaitUntil(SystemClock.Shared.MonotonicNs + 1_000_000);
        }

        await EndAsync(running);
        var schedule = new SlotSchedule { Seed = new SeededRandom(1).Split("slots").NextUInt64(), Length = Ms(100), Phase = TimeSpan.Zero, LevelHigh = Ms(50), StartSpike = Ms(20), StartSpikeFor = Ms(30) };
        var fates = File.ReadLines(log).Where(l => l.StartsWith("up,", StringComparison.Ordinal)).Select(l => l.Split(',')).Select(f => (ArrivalNs: Number(f[2]), DelayNs: Number(f[3]) - Number(f[2]))).ToList();
        Assert.That(fates, Has.Count.GreaterThan(200));
        foreach (var (arrivalNs, delayNs) in fates.Where(f => f.ArrivalNs % 50_000_000 is > 1_000_000 and < 49_000_000))
        {
            var expectedNs = keys.StartsWith("slots", StringComparison.Ordinal) ? SlotSky.AdditionNs(schedule, arrivalNs) : arrivalNs % 100_000_000 < 50_000_000 ? 10_000_000 : 40_000_000;
            Assert.That(delayNs, Is.EqualTo(expectedNs).Within(100_000), $"at {arrivalNs}");
        }

        static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
        static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Test]
    public async Task Tell_CarrierTakenAndEnded_InterfacesAreUpAgain()
    {
        var running = Start("lan", "wan");
        await TellAsync("{ degrade: { link: all, carrier: false } }");
        Assert.That(_space.Run(() => InterfaceControl.IsUp("lan")), Is.False);
        await EndAsync(running);
        Assert.That(_space.Run(() => (InterfaceControl.IsUp("lan"), InterfaceControl.IsUp("wan"))), Is.EqualTo((true, true)));
    }

    /// <summary>What it says goes to a file that may be full.</summary>
    [Test]
    public async Task Wan_NothingCanBeSaidAnyMore_GoesOnAndInterfacesAreUpAgain()
    {
        var deaf = new FullWriter();
        var running = _space.RunAsync(() => CommandRun.WithErrorAsync(deaf, new HastyTime(), "wan", "lan", "wan", "--control", Control));
        await TellAsync("{ degrade: { link: all, carrier: false } }");
        await UntilAsync(() => Task.FromResult(deaf.Refused > 3));
        Assert.That(_space.Run(() => InterfaceControl.IsUp("lan")), Is.False);

        await TellAsync("{ end: true }");
        Assert.That((await running).Status, Is.Zero);
        Assert.That(_space.Run(() => (InterfaceControl.IsUp("lan"), InterfaceControl.IsUp("wan"))), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task Wan_CallerLeavesUnheard_EndsInGoodOrder()
    {
        var running = Start("lan", "wan");
        await TellAsync("{ status: all }");
        using (var caller = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await caller.ConnectAsync(new UnixDomainSocketEndPoint(Control));
            await caller.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{ status: all }\n", 100)) + "{ end: true }\n"));
        }

        var run = await running;
        Assert.That((run.Status, File.Exists(Control)), Is.EqualTo((0, false)), run.Error);
    }

    /// <summary>A link that has changed is told as changed, though the change as a whole came to nothing.</summary>
    [Test]
    public async Task Tell_CallOffWhenOneLinkHasChanged_IsFailedAndSaysWhich()
    {
        var (one, other) = (new WanPair("lan", "wan"), new WanPair("lan2", "wan2"));
        using var first = Link(one);
        using var second = Link(other);
        var links = new[] { Steered(one, first), Steered(other, second) };
        var step = new LinkChangeStep("", LinkDirection.Both, new LinkChange { Drop = true }, IsRestore: false);
        var now = SystemClock.Shared.MonotonicNs;
        var change = new WanChange(1, 5, [(links[0], links[0].Steered.Plan(step, now)), (links[1], links[1].Steered.Plan(step, now + 60_000_000_000))], TimeProvider.System);

        Assert.That(change.TryCallOff(), Is.False);
        await change.MadeAsync();
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            change.Write(json);
            json.WriteEndObject();
        }

        var told = JsonDocument.Parse(text.ToArray()).RootElement;
        Assert.That((told.GetProperty("state").GetString(), told.GetProperty("failure").GetString()), Is.EqualTo(("failed", "called off when lan-wan had changed already")));
        Assert.That(told.GetProperty("made").EnumerateArray().Select(m => m.GetProperty("link").GetString()), Is.EqualTo(new[] { "lan-wan" }));

        WanLink Link(WanPair pair) => _space.Run(() => WanLink.Start(
            pair.Name, PacketSocket.Open(pair.Near, ring: true), PacketSocket.Open(pair.Far, ring: true), LinkImpairments.None, 1, SystemClock.Shared));
        static RunningPair Steered(WanPair pair, WanLink link) => new(pair, new SteeredLink(link, LinkChange.Good, LinkChange.Good, 1), new TaskCompletionSource<string>().Task);
    }

    [Test]
    public async Task Wan_InterfaceOfOneLinkVanishes_TheOtherGoesOn()
    {
        using var site = _space.Open("site");
        using var far = _space.Open("far");
        var running = Start("lan", "wan", "lan2", "wan2");
        await TellAsync("{ status: all }");
        _space.Ip("link del dev far2");
        await UntilAsync(async () => !(await TellAsync("{ status: lan2-wan2 }")).Answer.GetProperty("links")[0].GetProperty("running").GetBoolean());

        Assert.That(Pass(site, far, 50), Is.EqualTo(50));
        var (refused, _) = await TellAsync("{ degrade: { link: all, loss: 100% } }");
        Assert.That(refused.GetProperty("errors")[0].GetString(), Does.Contain("link lan2-wan2 is not running any more: interface wan2 of link lan2-wan2 vanished"));
        Assert.That(Pass(site, far, 50), Is.EqualTo(50), "nothing was made of a change that could not be made whole");
        await TellAsync("{ degrade: { link: lan-wan, loss: 100% } }");
        Assert.That(Pass(site, far, 50), Is.Zero);

        await TellAsync("{ end: true }");
        var run = await running;
        Assert.That(run.Status, Is.EqualTo((int)ExitCode.Incomplete));
        Assert.That(run.Error, Does.Contain("1 of 2 links go on"));
        Assert.That(JsonDocument.Parse(run.Output).RootElement.GetProperty("links").EnumerateArray().Select(l => l.TryGetProperty("failure", out _)), Is.EqualTo(new[] { false, true }));
    }

    [TestCase("lan", "wan", "lan2")]
    [TestCase("lan", "wan", "lan", "wan2")]
    public async Task Wan_InterfacesThatMakeNoLinks_AreRefused(params string[] names)
    {
        var run = await _space.RunAsync(() => CommandRun.OfAsync(["wan", .. names]));
        Assert.That((run.Status, run.Output), Is.EqualTo(((int)ExitCode.Usage, "")), run.Error);
    }

    private static int Pass(PacketSocket from, PacketSocket to, int count)
    {
        while (to.TryRead(out _, out _))
        {
        }

        for (var i = 0; i < count; i++)
        {
            from.Write(CableSpace.Frame(100));
        }

        var (passed, set, endNs) = (0, new PollSet(to), SystemClock.Shared.MonotonicNs + 300_000_000);
        while (passed < count && SystemClock.Shared.MonotonicNs < endNs)
        {
            set.Wait(endNs);
            while (to.TryRead(out _, out _))
            {
                passed++;
            }
        }

        return passed;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; !await holds(); i++)
        {
            Assert.That(i, Is.LessThan(500));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private Task<CommandRun> Start(params string[] arguments) => _space.RunAsync(() => CommandRun.OfAsync(["wan", .. arguments, "--control", Control, "--json"]));

    /// <summary>A file on a disk that is full.</summary>
    private sealed class FullWriter : StringWriter
    {
        public int Refused { get; private set; }

        public override void Write(char value) => throw Refuse();

        public override void Write(string? value) => throw Refuse();

        public override Task WriteAsync(string? value) => throw Refuse();

        public override Task WriteLineAsync(string? value) => throw Refuse();

        private IOException Refuse()
        {
            Refused++;
            return new IOException("No space left on device");
        }
    }

    /// <summary>Waits that take the hundredth part.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 100 : dueTime, period);
    }

    private async Task EndAsync(Task<CommandRun> running)
    {
        await TellAsync("{ end: true }");
        var run = await running;
        Assert.That(run.Status, Is.Zero, run.Error);
    }

    private async Task<(JsonElement Answer, int Status)> TellAsync(string line)
    {
        var run = await CommandRun.OfAsync("wan", "tell", Control, line, "--patience", "10s");
        Assert.That(run.Output, Is.Not.Empty, run.Error);
        return (JsonDocument.Parse(run.Output).RootElement, run.Status);
    }
}
