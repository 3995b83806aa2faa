namespace FailoverLab.Analysis.Tests;

public sealed class TunnelMatchingTests
{
    [Test]
    public void Analyze_PathDiesUnderEncryptedTunnel_FailoverAsIfItWereReadable([Values(1UL, 2UL, 3UL)] ulong seed)
    {
        var lab = new TunnelLab(seed);

        var hidden = lab.Analyze();
        var readable = new TunnelLab(seed) { IsEncrypted = false }.Analyze();

        TestContext.Out.WriteLine($"seed {seed}: {string.Join(" | ", hidden.Caveats.Select(c => c.Code + " " + c.Text))}");
        TestContext.Out.WriteLine(Text(hidden.Failovers[0]));
        var failover = hidden.Failovers.Single();
        Assert.Multiple(() =>
        {
            Assert.That((failover.FromPath, failover.ToPath), Is.EqualTo(("starlink-1", "starlink-2")));
            Assert.That(failover.Fault.PacketsLowNs, Is.EqualTo(TunnelLab.DeadNs).Within(2 * TunnelLab.Ms).And.LessThanOrEqualTo(TunnelLab.DeadNs));
            Assert.That(failover.Fault.PacketsHighNs, Is.EqualTo(TunnelLab.DeadNs).Within(2 * TunnelLab.Ms).And.GreaterThanOrEqualTo(TunnelLab.DeadNs));
            Assert.That(Text(failover), Is.EqualTo(Text(readable.Failovers.Single())));
            Assert.That(hidden.Paths.Select(p => p.Packets), Is.EqualTo(lab.Carried).Within(10));
            Assert.That(hidden.Paths.Sum(p => p.FlapCount), Is.Zero);
            Assert.That(hidden.Caveats.Select(c => c.Code), Has.Member("tunnel-matched"));
            Assert.That(readable.Caveats.Select(c => c.Code), Has.None.StartsWith("tunnel-"));
        });
    }

    [Test]
    public void Analyze_AnyNumberOfThreads_GivesTheSameRecord()
    {
        var one = new TunnelLab(4) { Threads = 1 }.Analyze();
        var many = new TunnelLab(4) { Threads = 4 }.Analyze();

        Assert.Multiple(() =>
        {
            Assert.That(many.Paths.Select(p => (p.Packets, p.Lost)), Is.EqualTo(one.Paths.Select(p => (p.Packets, p.Lost))));
            Assert.That(many.Caveats, Is.EqualTo(one.Caveats).Using<Results.Caveat>((a, b) => a.Text == b.Text));
        });
    }

    [Test]
    public void Analyze_ProbesOfOneSizeUnderEncryptedTunnel_SaysThatPathsAreUnknown()
    {
        var result = new TunnelLab(5) { IsCoded = false }.Analyze();

        Assert.Multiple(() =>
        {
            Assert.That(result.Caveats.Select(c => c.Code), Has.Member("tunnel-no-code"));
            Assert.That(result.Paths.Select(p => p.Packets), Is.All.Zero);
            Assert.That(result.Failovers, Is.Empty);
        });
    }

    private static string Text(Results.Failover failover) => System.Text.Json.JsonSerializer.Serialize(failover);
}
