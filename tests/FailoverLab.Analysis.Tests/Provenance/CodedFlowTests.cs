namespace FailoverLab.Analysis.Tests;

public sealed class CodedFlowTests
{
    [Test]
    public void Explore()
    {
        var text = new System.Text.StringBuilder();
        foreach (var far in (bool[])[false, true])
        {
            for (ulong seed = 1; seed <= 14; seed++)
            {
                var pps = (long)(200 + (seed * 57));
                var traffic = new TunnelTraffic(seed) { Tunnel = TunnelKind.All[(int)(seed % 7)], IsFar = far, IntervalNs = 1_000_000_000 / pps }.Generate();
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var (found, flow) = traffic.Match();
                var took = clock.ElapsedMilliseconds;
                text.AppendLine($"{(far ? "far" : "near")} {seed} {pps} {traffic.Tunnel}: {traffic.Judge(found)} changes {traffic.Changes.Count} {took} ms overheads {string.Join(",", flow.Carriers.Select(c => c.Model.Overhead))} sd {string.Join(",", flow.Carriers.Select(c => c.Model.SeenDelivered.ToString("F3")))} {string.Join(",", flow.Carriers.Select(c => c.Model.SeenLost.ToString("F3")))} amb {flow.Tally.Ambiguous} df {flow.Tally.DeliveredFound}/{flow.Tally.Delivered}");
                if (far) text.Append(traffic.Dump);
            }
        }

        File.WriteAllText("/tmp/h/codes-explore.txt", text.ToString());
    }
}
