namespace FailoverLab.Analysis.Tests;

public sealed class ProvenanceMatcherTests
{
    [Test]
    public void Explore()
    {
        foreach (var far in (bool[])[false, true])
        {
            for (ulong seed = 1; seed <= 20; seed++)
            {
                var traffic = new TunnelTraffic(seed) { Tunnel = TunnelKind.All[(int)(seed % 7)], IsFar = far }.Generate();
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var (result, matcher) = traffic.Match();
                var score = traffic.Judge(result);
                TestContext.Out.WriteLine($"{(far ? "far" : "near")} {seed} {traffic.Tunnel}: {score} changes {traffic.Changes.Count} {clock.ElapsedMilliseconds} ms overheads {string.Join(",", Enumerable.Range(0, 3).Select(matcher.OverheadOf))}");
            }
        }
    }
}
