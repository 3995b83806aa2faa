using FailoverLab.Analysis;
using FailoverLab.Packets;
using FailoverLab.Primitives;
using FailoverLab.Results;
using FailoverLab.Runner;
using FailoverLab.Scenarios;
using FailoverLab.Testing;

namespace FailoverLab.WanDrivers.Tests;

/// <summary>
/// Every shipped profile that netem can do, applied by the driver in a true kernel, audited as a run's links are. The machine is emulated without hardware
/// help beside whatever else this one does, so delays may be longer by <see cref="HandicapNs"/>; nothing may be early, and losses must be as asked.
/// </summary>
internal sealed class GuestProfileAuditTests
{
    private const int Count = 400;

    // netem's limit counts packets. Of a profile that asks for a queue it is counted in full frames, so small ones that come faster are lost to it: of geo's
    // way up it passes 372 at once, and its delay is 300 ms.
    private const int PerSecond = 1000;
    private const int FrameBytes = 100;
    private const int Attempts = 3;
    private const long HandicapNs = 50_000_000;
    private const long BeginNs = 1_763_700_000_000_000_000;
    internal static readonly string Folder = Path.Combine(RepositoryRoot(), "lab", "profiles");

    private static IEnumerable<string> AllProfiles => Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> NetemProfiles => AllProfiles.Where(p => Faults(p).Count == 0);

    [Test]
    public void CannotDo_ShippedProfiles_OnlyThoseWithPatternsAndSlots() =>
        Assert.That(AllProfiles.Except(NetemProfiles), Is.EqualTo(new[] { "drop_100", "drop_5th", "starlink", "starlink-obstructed" }));

    [TestCaseSource(nameof(NetemProfiles))]
    public async Task Apply_ShippedProfile_IsAuditedAsAsked(string name)
    {
        var shell = await Guest.ShellAsync();
        var profile = Load(name);
        var mismatches = new List<string>();
        var stoodStill = false;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            await using var driver = new NetemDriver("profile", shell, "ens18", "ens19");
            var found = await driver.SnapshotAsync(CancellationToken.None);
            try
            {
                await driver.ApplyAsync(LinkDirection.Up, profile.Up, CancellationToken.None);
                await driver.ApplyAsync(LinkDirection.Down, profile.Down, CancellationToken.None);
                var audits = await Task.WhenAll(Task.Run(() => Audit(isUp: true, profile.Up)), Task.Run(() => Audit(isUp: false, profile.Down)));
                mismatches = [.. audits.SelectMany(Mismatches)];
            }
            finally
            {
                await driver.UndoAsync(found, CancellationToken.None);
            }

            if (mismatches.Count == 0)
            {
                return;
            }

            // A pause of this machine is no fault of the link: the machine without anything applied tells whether there was one. A share of losses outside its
            // interval of 99.99 % may be chance; three times in a row it is not.
            var bare = Traffic(isUp: true, TimeSpan.Zero);
            stoodStill = bare.Lost > 0 || bare.Arrived.Max(a => a.DelayNs) > HandicapNs / 2;
            await TestContext.Out.WriteLineAsync($"attempt {attempt}: {string.Join("; ", mismatches)}; without it {bare.Lost} lost, the slowest took {bare.Arrived.Select(a => a.DelayNs).DefaultIfEmpty().Max() / 1e6:0.0} ms");
        }

        if (stoodStill)
        {
            Assert.Ignore("the machine stands still again and again");
        }

        Assert.Fail(string.Join("; ", mismatches));
    }

    /// <summary>Sends packets through and audits what came of them with what the whole program uses for a run.</summary>
    private static LinkAudit Audit(bool isUp, LinkChange asked)
    {
        var traffic = Traffic(isUp, TimeSpan.FromTicks(LinkExpectation.LongestNs(asked with { Queue = null }) / 100));
        var captures = new CaptureBuilder().Declare("site.eth0", "far.eth0");
        var (from, to) = isUp ? ("site.eth0", "far.eth0") : ("far.eth0", "site.eth0");
        var arrived = traffic.Arrived.ToLookup(a => a.Number, a => a.DelayNs);
        for (var number = 0; number < Count; number++)
        {
            var sentNs = BeginNs + (number * 1_000_000_000L / PerSecond);
            var frame = FrameBuilder.Probe(new ProbeHeader(1, (ulong)number, sentNs, 0));
            captures.Add(from, sentNs, frame);
            foreach (var delayNs in arrived[number])
            {
                captures.Add(to, sentNs + delayNs, frame);
            }
        }

        var context = new AnalysisContext
        {
            Flows = [new FlowContext(1, "audit", isUp ? "site" : "far", isUp ? "far" : "site", from, to)],
            Paths = [new PathContext("profile", "site.eth0", "far.eth0")],
            Links = [LinkExpectation.Of(asked, "profile", isUp, BeginNs - 1_000_000, BeginNs + 10_000_000_000)],
        };
        var folder = Directory.CreateTempSubdirectory("failoverlab-audit");
        try
        {
            var inputs = captures.WriteTo(folder.FullName).Select(f => new CaptureInput(f.File, Path.GetFileName(f.File))).ToList();
            return CaptureAnalyzer.Analyze(inputs, context, CancellationToken.None).Links!.Single();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Mismatches(LinkAudit audit)
    {
        Assert.That(audit.Packets, Is.EqualTo(Count), "every packet sent is in the audit");
        if (audit.Loss!.Verdict == Verdict.Fail)
        {
            yield return $"{audit.Direction}: {audit.Lost} of {audit.Packets} lost";
        }

        foreach (var (what, time) in new[] { ("least", audit.DelayMinNs), ("median", audit.DelayMedianNs), ("99th percentile", audit.DelayP99Ns) })
        {
            if (time is { Verdict: Verdict.Fail } && (time.Applied.ValueNs < time.AskedLowNs || (what != "99th percentile" && time.Applied.ValueNs > time.AskedHighNs + HandicapNs)))
            {
                yield return $"{audit.Direction}: {what} of the delay {time.Applied.ValueNs / 1e6:0.000} ms, asked {time.AskedLowNs / 1e6:0.000} to {time.AskedHighNs / 1e6:0.000}";
            }
        }
    }

    private static FrameTraffic Traffic(bool isUp, TimeSpan longest) =>
        FrameTraffic.Send(isUp ? Guest.Machine.Site : Guest.Machine.Far, isUp ? Guest.Machine.Far : Guest.Machine.Site, Count, PerSecond, FrameBytes, longest + TimeSpan.FromMilliseconds(250));

    private static IReadOnlyList<string> Faults(string name) => [.. NetemPlanner.CannotDo(Load(name).Up), .. NetemPlanner.CannotDo(Load(name).Down)];

    private static LinkProfile Load(string name) => ProfileLoader.Load(Path.Combine(Folder, name + ".yaml"), new DiagnosticBag())!;

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FailoverLab.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
