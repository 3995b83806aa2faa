using System.Runtime.Versioning;
using System.Xml.Linq;
using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;
using FailoverLab.Testing;

namespace FailoverLab.WanDrivers.Tests;

[SupportedOSPlatform("linux")]
public class WanulatorDriverTests
{
    [Test]
    public async Task Apply_OverANoisyConsole_WritesTheFileAndLoadsIt([Values(1ul, 2ul, 3ul)] ulong seed)
    {
        await using var console = new FakeConsole(seed) { Messages = 0.2, EatsFirstPrompt = seed == 2 };
        var steps = new List<string>();
        await using var driver = Driver(console, steps);

        var found = await driver.SnapshotAsync(CancellationToken.None);
        await driver.ApplyAsync(LinkDirection.Both, new LinkChange { Delay = TimeSpan.FromMilliseconds(150) }, CancellationToken.None);
        var applied = await driver.ApplyAsync(LinkDirection.Up, new LinkChange { Loss = new Ratio(0.15) }, CancellationToken.None);
        var (first, second) = (Loaded(console, 0), Loaded(console, 1));
        await driver.UndoAsync(found, CancellationToken.None);

        Assert.That(Functions(first), Is.EqualTo("ens18: Limit 0/0/0 Speed=0; Delay 2/0/1 DelayValue=15 DelayType=0 | ens19: Limit 0/0/0 Speed=0; Delay 2/0/1 DelayValue=15 DelayType=0"));
        Assert.That(Functions(second), Does.StartWith("ens18: Limit 0/0/0 Speed=0; Delay 2/0/1 DelayValue=15 DelayType=0 |").And.EndWith("Delay 2/0/1 DelayValue=15 DelayType=0; Drop 3/15/0 "));
        Assert.That(Functions(Loaded(console, 2)), Is.EqualTo("ens18: Limit 0/0/0 Speed=0 | ens19: Limit 0/0/0 Speed=0"), "the profile is good");
        Assert.That(found.IsUnknown, Is.True, "it cannot be asked");
        Assert.That(applied.NotBeforeRealtimeNs, Is.LessThan(applied.AtRealtimeNs));
        Assert.That(console.Logins, Is.EqualTo(1), "one login for the whole run");
        Assert.That(steps, Has.Some.Contains("login prompt").And.Some.Contains("password asked").And.Some.Contains("check sum right").And.Some.Contains("-dc ended with status 0"));
        Assert.That(string.Join('\n', steps), Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task Apply_OverALineThatDamagesBytes_StillLoadsTheRightFile()
    {
        await using var console = new FakeConsole(seed: 5) { Damage = 0.0005, Messages = 0.1 };
        await using var driver = Driver(console, []);

        await driver.ApplyAsync(LinkDirection.Both, new LinkChange { LossModel = new EveryNthLossPlan(5) }, CancellationToken.None);

        Assert.That(Functions(Loaded(console, 0)), Is.EqualTo("ens18: Limit 0/0/0 Speed=0; Drop 2/0/5  | ens19: Limit 0/0/0 Speed=0; Drop 2/0/5 "));
    }

    [Test]
    public async Task Apply_WithAWrongPassword_SaysSoAndNotThePassword()
    {
        await using var console = new FakeConsole(seed: 1) { Password = "other" };
        await using var driver = Driver(console, []);

        Assert.That(async () => await driver.ApplyAsync(LinkDirection.Both, new LinkChange { Drop = true }, CancellationToken.None),
            Throws.TypeOf<StepFailedException>().With.Message.Contains("refused").And.Message.Not.Contains("s3cret"));
    }

    [Test]
    public async Task Apply_WhenTheProgramFails_GivesItsWords()
    {
        await using var console = new FakeConsole(seed: 1);
        await using var driver = Driver(console, [], "echo 'cannot open ens19' >&2; exit 3");

        Assert.That(async () => await driver.ApplyAsync(LinkDirection.Both, new LinkChange { Drop = true }, CancellationToken.None),
            Throws.TypeOf<StepFailedException>().With.Message.Contains("cannot open ens19"));
    }

    [Test]
    public async Task Dispose_AfterALogin_LogsOutSoThatTheNextCanLogIn()
    {
        await using var console = new FakeConsole(seed: 3);
        var files = Directory.GetFiles("/tmp", ".fl-*");
        for (var user = 1; user <= 2; user++)
        {
            await using (var driver = Driver(console, []))
            {
                await driver.SnapshotAsync(CancellationToken.None);
            }

            Assert.That(console.Logins, Is.EqualTo(user));
            Assert.That(Directory.GetFiles("/tmp", ".fl-*").Except(files), Is.Empty, "no file of the session stays");
        }
    }

    [Test]
    public void CannotDo_WhatTheFilesCannotSay_NamesADriverThatCan()
    {
        var driver = Driver("/nowhere", [], "/nowhere");
        LinkChange[] impossible =
        [
            new() { Carrier = false }, new() { Delay = TimeSpan.FromMilliseconds(15) }, new() { Jitter = TimeSpan.FromMilliseconds(1) }, new() { Loss = new Ratio(0.005) },
            new() { LossModel = new GilbertElliottPlan(new(0.1), new(0.1), new(1), new(0)) }, new() { Duplicate = new Ratio(0.1) }, new() { Mtu = 1400 },
            new() { Reorder = new Ratio(0.005) }, new() { Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(20), Reorder = new Ratio(0.5) },
        ];

        foreach (var change in impossible)
        {
            Assert.That(driver.CannotDo(change), Has.Count.EqualTo(1).And.All.Contains("driver '"), change.ToString());
        }

        Assert.That(driver.CannotDo(LinkChange.Good), Is.Empty);
    }

    /// <summary>The lab's own files: what they say is known, so none of them may be refused.</summary>
    [TestCase("good", "Limit 0/0/0 Speed=0")]
    [TestCase("drop_100", "Limit 0/0/0 Speed=0; Drop 2/0/1 ")]
    [TestCase("drop_15", "Limit 0/0/0 Speed=0; Drop 3/15/0 ")]
    [TestCase("drop_5th", "Limit 0/0/0 Speed=0; Drop 2/0/5 ")]
    [TestCase("delay_150", "Limit 0/0/0 Speed=0; Delay 2/0/1 DelayValue=15 DelayType=0")]
    [TestCase("jitter_50_150", "Limit 0/0/0 Speed=0; Delay 3/50/0 DelayValue=15 DelayType=0")]
    [TestCase("jitter_80", "Limit 0/0/0 Speed=0; Delay 2/0/1 DelayValue=8 DelayType=1")]
    public void Text_ShippedProfileOfTheLab_IsAsItsFileSays(string name, string functions)
    {
        var bag = new DiagnosticBag();
        var profile = ProfileLoader.Load(Path.Combine(GuestProfileAuditTests.Folder, $"{name}.yaml"), bag)!;

        Assert.That(bag.Sorted(), Is.Empty);
        Assert.That(Driver("/nowhere", [], "/nowhere").CannotDo(profile.Up), Is.Empty);
        Assert.That(Functions(XDocument.Parse(WanulatorConfig.Text(("ens18", profile.Up), ("ens19", profile.Down)))), Is.EqualTo($"ens18: {functions} | ens19: {functions}"));
    }

    /// <summary>A model that drivers were not written for would else be done by losing nothing.</summary>
    [Test]
    public void CannotDo_UnknownLossModel_IsRefusedByEveryDriver()
    {
        var change = new LinkChange { LossModel = new LossOfTomorrow() };

        foreach (var faults in new[] { WanulatorConfig.CannotDo(change), NetemPlanner.CannotDo(change), NftLimits.CannotDo(change) })
        {
            Assert.That(faults, Has.Count.EqualTo(1).And.All.Contains(nameof(LossOfTomorrow)));
        }
    }

    [TestCase("relative/serial0")]
    [TestCase("/tmp")]
    [TestCase("/nowhere/100.serial0")]
    [TestCase("/tmp/a\nb")]
    [TestCase("")]
    public void Open_APathThatIsNoSerialLine_IsRefused(string path) =>
        Assert.That(async () => await SerialLine.OpenAsync(path, CancellationToken.None), Throws.TypeOf<StepHostException>());

    /// <summary>A driver whose WANulator keeps each file it is told to load.</summary>
    private static WanulatorDriver Driver(FakeConsole console, List<string> steps, string program = "n=$(ls \"$(dirname \"$0\")\" | grep -c loaded); cp \"$2\" \"$(dirname \"$0\")/loaded$n\"")
    {
        var path = Path.Combine(console.Directory, "wanulator2-headless");
        File.WriteAllText(path, $"#!/bin/sh\n{program}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Driver(console.Path, steps, path);
    }

    private static WanulatorDriver Driver(string serial, List<string> steps, string program) => new(
        new LinkPlan { Name = "byu", Path = "byu", Driver = LinkDriver.Wanulator, Host = "pve", Profile = LinkChange.Good },
        new WanulatorAccess(cancellation => SerialLine.OpenAsync(serial, cancellation), () => "s3cret") { Program = program }, steps.Add, TimeProvider.System);

    private static XDocument Loaded(FakeConsole console, int number) => XDocument.Load(Path.Combine(console.Directory, $"loaded{number}"));

    private static string Functions(XDocument file)
    {
        Assert.That((file.DocumentType!.Name, file.Root!.Name.LocalName, file.Root.Attribute("NetworkMode")!.Value), Is.EqualTo(("WANulatorConfigXML", "WANulatorConfigV2", "0")));
        return string.Join(" | ", file.Root.Elements("Interface").Select(i => $"{i.Attribute("Name")!.Value}: " + string.Join("; ", i.Elements("SimFn").Select(f =>
            $"{f.Attribute("Name")!.Value} {f.Element("Timing")!.Attribute("Type")!.Value}/{f.Element("Timing")!.Attribute("Chance")!.Value}/{f.Element("Timing")!.Attribute("Static")!.Value} "
            + string.Join(' ', f.Element("Params")!.Attributes().Select(a => $"{a.Name}={a.Value}"))))));
    }

    private sealed record LossOfTomorrow : LossPlan
    {
        public override double MeanShare => 0.5;
    }
}
