using System.Globalization;
using System.Text;
using System.Text.Json;
using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>Changes of links in a run: told ahead, made by the links themselves.</summary>
public sealed class LinkChangeTests
{
    private const int Instants = 16;
    private const long MillisecondNs = 1_000_000;

    private const string Hosts = """
        version: 1
        lab: topology.yaml
        hosts: { site: { transport: netns }, emu-a: { transport: netns }, emu-b: { transport: netns }, far: { transport: netns } }
        """;

    private const string Topology = """
        version: 1
        nodes:
          site: { role: traffic, interfaces: { eth0: [192.0.2.1/28], eth1: [198.51.100.1/28] } }
          emu-a: { role: wanulator }
          emu-b: { role: wanulator }
          far: { role: business, interfaces: { eth0: [192.0.2.2/28], eth1: [198.51.100.2/28] } }
        wan:
          wan-a: { wanulator: emu-a, vm: 1, site: site.eth0, far: far.eth0 }
          wan-b: { wanulator: emu-b, vm: 2, site: site.eth1, far: far.eth1 }
        """;

    /// <summary>A machine that pauses spoils the instants within the pause, not the median.</summary>
    [Test]
    public async Task Scenario_TwoLinksAtOneInstant_ChangeAtItAndTogether()
    {
        LabTier.Require();
        using var runs = new RunFixture();
        var files = Directory.CreateDirectory(Path.Combine(runs.Directory, "lab")).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "hosts.yaml"), Hosts);
        await File.WriteAllTextAsync(Path.Combine(files, "topology.yaml"), Topology);

        var outcome = await ProgramUnderTest.RunAsync("scenario", runs.Scenario(Scenario()), "--hosts", Path.Combine(files, "hosts.yaml"), "--out", runs.Directory, "--link-log");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output + outcome.Error);
        var instants = runs.Events().Where(e => e is { Kind: RunEventKind.Step, StartedNs: not null } && e.Step!.Contains("link", StringComparison.Ordinal))
            .GroupBy(e => e.PlannedNs!.Value).Select(g => g.ToList()).ToList();
        var late = instants.Select(i => i.Max(e => e.StartedNs!.Value - e.PlannedNs!.Value)).Order().ToList();
        var apart = instants.Select(i => i.Max(e => e.AcknowledgedNs!.Value) - i.Min(e => e.AcknowledgedNs!.Value)).Order().ToList();
        TestContext.Out.WriteLine($"late {string.Join(' ', late)} ns; apart {string.Join(' ', apart)} ns");
        AssertLogs(Path.Combine(runs.Latest, "links"));
        Assert.Multiple(() =>
        {
            Assert.That(instants, Has.Count.EqualTo(Instants).And.All.Count.EqualTo(2));
            Assert.That(late, Is.All.GreaterThanOrEqualTo(-MillisecondNs / 100), "none before its instant");
            Assert.That(late[Instants / 2], Is.LessThan(MillisecondNs / 100), "the link makes the change, not the thread that tells it");
            Assert.That(apart[Instants / 2], Is.LessThan(MillisecondNs / 100));
        });
    }

    /// <summary>Each link has the fates of its own packets, in their order, each in a line.</summary>
    private static void AssertLogs(string folder)
    {
        foreach (var link in (string[])["wan-a", "wan-b"])
        {
            var fates = File.ReadLines(Path.Combine(folder, $"{link}.ndjson")).Select(l => JsonDocument.Parse(l).RootElement).Where(f => f.GetProperty("direction").GetString() == "up").ToList();
            Assert.That(fates.Select(f => f.GetProperty("index").GetInt64()), Is.EqualTo(Enumerable.Range(0, fates.Count)));
            Assert.That(fates.Count(f => f.GetProperty("end").GetString() == "Passed"), Is.GreaterThan(link == "wan-a" ? 100 : -1));
        }
    }

    private static string Scenario()
    {
        var yaml = new StringBuilder("""
            version: 1
            name: link-changes
            duration: 2500ms
            steps:
              - { at: 0s, capture: all }
              - { at: 300ms, traffic: { between: [site, far], families: ipv4, interval: 5ms, size: 100B } }

            """);
        for (var i = 0; i < Instants; i++)
        {
            foreach (var link in (ReadOnlySpan<string>)["wan-a", "wan-b"])
            {
                yaml.Append(CultureInfo.InvariantCulture, $"  - {{ at: {500 + (i * 100)}ms, name: link-{link}-{i}, degrade: {{ link: {link}, loss: {i}% }} }}\n");
            }
        }

        return yaml.ToString();
    }
}
