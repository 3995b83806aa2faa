using FailoverLab.Results;

namespace FailoverLab.Integration.Tests;

/// <summary>What a run says of one direction of a link, stretch by stretch.</summary>
internal static class LinkFigures
{
    /// <summary>The stretches in order of time, which are also printed.</summary>
    public static List<LinkAudit> Of(RunResult result, string path, string direction)
    {
        var links = (result.Links ?? []).Where(l => l.Path == path && l.Direction == direction).OrderBy(l => l.FromNs).ToList();
        foreach (var l in links)
        {
            TestContext.Out.WriteLine($"{l.Path} {l.Direction} T+{(l.FromNs - result.StartNs) / 1e6:0} to {(l.ToNs - result.StartNs) / 1e6:0} ms, asked {l.Asked}: {l.Lost} of {l.Packets} lost "
                + $"({l.Loss?.Verdict}), delay {l.DelayMinNs?.Applied.ValueNs / 1e3:0} us ({l.DelayMinNs?.Verdict}), median {l.DelayMedianNs?.Applied.ValueNs / 1e3:0} us ({l.DelayMedianNs?.Verdict}), "
                + $"p99 {l.DelayP99Ns?.Applied.ValueNs / 1e3:0} us ({l.DelayP99Ns?.Verdict})");
        }

        return links;
    }
}
