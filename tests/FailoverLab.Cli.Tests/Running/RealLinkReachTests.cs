using System.Text.RegularExpressions;

namespace FailoverLab.Cli.Tests.Running;

/// <summary>What a link's driver cannot do is known before anything is started.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class RealLinkReachTests
{
    private const string Inventory = """
        version: 1
        hosts: { here: { transport: local } }
        pve: { lab: { url: "https://192.0.2.2:8006", token: "env:NO_SUCH_TOKEN" } }
        links:
          card: { driver: pve, vm: 103, pve: lab, net: 1 }
          kernel: { driver: netem, host: here, lan: left, wan: right }
          far: { driver: netem, host: here, lan: left4, wan: right4, profile: { rate: 5Mbit/s, delay: 300ms, queue: 600ms } }
          rules: { driver: nft, host: here, lan: left2, wan: right2 }
          machine: { driver: wanulator, host: here, vm: 101, password: env:WANULATOR_PASSWORD }
          twin: { driver: emulator, host: here, lan: left3, wan: right3 }
        """;

    private const string Emulator = "(drivers that can do all that is asked of the link: 'emulator')";

    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-reach").FullName;

    [TearDown]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestCase("check")]
    [TestCase("plan")]
    [TestCase("scenario")]
    public async Task Verb_StepsBeyondTheirDrivers_AreAllToldAtTheirPlaces(string verb)
    {
        var run = await RunAsync(verb, """
            - { at: 0s, degrade: { link: card, carrier: false } }
            - { at: 1s, degrade: { link: card, delay: 20ms, loss: 1% } }
            - { at: 2s, degrade: { link: kernel, carrier: false } }
            - { at: 3s, degrade: { link: rules, delay: 20ms } }
            - { at: 4s, degrade: { link: machine, delay: 15ms } }
            - { at: 5s, degrade: { link: twin, delay: 15ms } }
            - { at: 6s, degrade: { link: twin, carrier: false } }
            - { at: 7s, restore: all }
            - { at: 8s, run: { command: [] } }
            """);

        Assert.That((run.Status, run.Output), Is.EqualTo((3, "")), run.Error);
        Assert.That(Faults(run), Is.EqualTo(new[]
        {
            $"7: link card has driver 'pve': a card of Proxmox VE has no loss, only a plug and a rate; drivers 'netem', 'nft' and 'wanulator' can {Emulator}",
            $"7: link card has driver 'pve': a card of Proxmox VE has no delay, only a plug and a rate; drivers 'netem' and 'wanulator' can {Emulator}",
            "8: link kernel has driver 'netem': netem cannot take the carrier away; driver 'nft' can (ip link set down), and driver 'pve' (link_down) (drivers that can do all that is asked of the link: 'nft', 'pve', 'emulator')",
            "9: link rules has driver 'nft': nft cannot delay packets; driver 'netem' can (drivers that can do all that is asked of the link: 'netem', 'wanulator', 'emulator')",
            "10: link machine has driver 'wanulator': a WANulator delays in steps of 10ms; driver 'netem' in microseconds (drivers that can do all that is asked of the link: 'netem', 'emulator')",
        }));
        Assert.That(run.Error, Does.Contain("error[FL1022]"), "faults of other kinds stand in the same list");
    }

    [Test]
    public async Task Check_WhatGoesByItselfButNotTogether_IsToldAtTheStepThatAddsIt()
    {
        var run = await RunAsync("check", """
            - { at: 0s, degrade: { link: kernel, rate: 10Mbit/s, queue: { limit: 100p } } }
            - { at: 1s, degrade: { link: kernel, delay: 20ms } }
            - { at: 2s, degrade: { link: kernel, reorder: 1% } }
            - { at: 3s, degrade: { link: kernel, loss: 1% } }
            - { at: 4s, restore: kernel }
            - { at: 5s, degrade: { link: kernel, delay: 20ms, reorder: 1% } }
            - { at: 6s, restore: kernel }
            """);

        Assert.That(run.Status, Is.EqualTo(3), run.Error);
        Assert.That(Faults(run), Is.EqualTo(new[] { "8: link kernel has driver 'netem': packets that netem lets skip the delay skip its rate too; only the emulator can (drivers that can do all that is asked of the link: 'wanulator', 'emulator')" }));
    }

    /// <summary>A link has one driver: one that can do the step and not what the link is asked besides is no help.</summary>
    [Test]
    public async Task Check_StepOnTopOfOthers_NamesOnlyDriversThatCanDoAllOfIt()
    {
        var run = await RunAsync("check", """
            - { at: 0s, degrade: { link: kernel, delay: 20ms } }
            - { at: 1s, degrade: { link: kernel, loss: { every: 5 } } }
            - { at: 2s, degrade: { link: kernel, delay: 25ms } }
            - { at: 3s, degrade: { link: kernel, mtu: 1400B } }
            - { at: 4s, restore: kernel }
            """);

        Assert.That(run.Status, Is.EqualTo(3), run.Error);
        Assert.That(Faults(run), Is.EqualTo(new[]
        {
            "7: link kernel has driver 'netem': netem cannot lose every n-th packet; driver 'nft' can, and driver 'wanulator' (drivers that can do all that is asked of the link: 'wanulator', 'emulator')",
            $"9: link kernel has driver 'netem': netem cannot drop by size; driver 'nft' can {Emulator}",
        }));
    }

    [Test]
    public async Task Check_WhatTheDriversCan_IsNoFault()
    {
        var run = await RunAsync("check", """
            - { at: 0s, degrade: { link: card, carrier: false } }
            - { at: 1s, degrade: { link: kernel, delay: 20ms, jitter: 3ms } }
            - { at: 2s, degrade: { link: rules, carrier: false } }
            - { at: 3s, degrade: { link: machine, delay: 150ms, direction: up } }
            - { at: 4s, degrade: { link: twin, loss: { states: { p13: 1%, p31: 20% } }, mtu: 1400B, carrier: false } }
            - { at: 5s, restore: all }
            """);

        Assert.That(run.Status, Is.Zero, run.Error);
        Assert.That(run.Error, Does.Not.Contain("FL1147"));
    }

    /// <summary>netem counts packets: a queue that was asked for, counted in full frames, is overrun by small ones, and nobody would see it.</summary>
    [Test]
    public async Task Check_AskedQueueOnNetem_IsRefusedWithTheRateOfSmallPacketsItLoses()
    {
        var run = await RunAsync("check", """
            - { at: 0s, degrade: { link: kernel, rate: 5Mbit/s, queue: 600ms } }
            - { at: 1s, degrade: { link: kernel, delay: 300ms } }
            - { at: 2s, degrade: { link: kernel, loss: 1% } }
            - { at: 3s, restore: kernel }
            - { at: 4s, degrade: { link: kernel, rate: 5Mbit/s, delay: 300ms } }
            - { at: 5s, restore: kernel }
            - { at: 6s, degrade: { link: kernel, rate: 5Mbit/s, delay: 300ms, queue: 3003packets } }
            - { at: 7s, restore: kernel }
            """);

        Assert.That(run.Status, Is.EqualTo(3), run.Error);
        var fault = string.Join(' ', run.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.That(fault.Split("error[FL1149]"), Has.Length.EqualTo(2), run.Error);
        Assert.That(fault, Does.Contain("it holds 372 and loses the rest").And.Contain("1240 small packets/s").And.Contain("scenario.yaml:7:").And.Contain("queue: 3003packets"));
    }

    /// <summary>A shipped profile with a queue stays usable on netem: what it may lose is said, and the run goes on.</summary>
    [Test]
    public async Task Check_QueueOfTheLinksProfileOnNetem_IsWarnedOf()
    {
        var run = await RunAsync("check", """
            - { at: 0s, degrade: { link: far, drop: true } }
            - { at: 1s, restore: far }
            """);

        Assert.That(run.Status, Is.Zero, run.Error);
        Assert.That(run.Error.ReplaceLineEndings(" ").Split("warning[FL1149]"), Has.Length.EqualTo(2), run.Error);
    }

    /// <summary>Line, message and help of each fault of a driver.</summary>
    private static IEnumerable<string> Faults(CommandRun run) => Fault().Matches(run.Error.ReplaceLineEndings("\n"))
        .Select(m => $"{m.Groups["line"]}: {m.Groups["says"]}{(m.Groups["help"].Success ? $" ({m.Groups["help"]})" : "")}");

    [GeneratedRegex(@"error\[FL1147\]: (?<says>.*)\n *--> .*/scenario\.yaml:(?<line>\d+):5\n.*\n.*\n.*\^(\n *= help: (?<help>.*))?")]
    private static partial Regex Fault();

    private async Task<CommandRun> RunAsync(string verb, string steps)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "hosts.yaml"), Inventory);
        var scenario = Path.Combine(_folder, "scenario.yaml");
        await File.WriteAllTextAsync(scenario, "version: 1\nname: reach\nduration: 10s\nsteps:\n\n  " + steps.ReplaceLineEndings("\n").Replace("\n", "\n  ", StringComparison.Ordinal) + "\n");
        return await CommandRun.OfAsync(verb, scenario, "--hosts", Path.Combine(_folder, "hosts.yaml"));
    }
}
