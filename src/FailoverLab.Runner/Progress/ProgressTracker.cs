using FailoverLab.Hosts;
using FailoverLab.Results;
using FailoverLab.Scenarios;

namespace FailoverLab.Runner;

/// <summary>Puts a <see cref="RunSnapshot"/> together from the plan, events and live figures. Pure; not thread-safe.</summary>
internal sealed class ProgressTracker(RunPlan plan)
{
    private string? _workingPath;

    /// <summary>Learns from an event: the stack says which path it uses.</summary>
    public void Take(RunEvent item)
    {
        if (item is { Kind: RunEventKind.Stack, Text: "switch-decided" or "ready", Data: { } data })
        {
            _workingPath = data.GetValueOrDefault("toPath") ?? data.GetValueOrDefault("path") ?? _workingPath;
        }
    }

    /// <summary>The run as it stands.</summary>
    public RunSnapshot Snapshot(string phase, TimeSpan elapsed, LiveStatus? status)
    {
        var next = phase == "running" ? plan.Steps.FirstOrDefault(s => s.At > elapsed) : null;
        return new RunSnapshot
        {
            Scenario = plan.Scenario,
            Phase = phase,
            Elapsed = elapsed,
            Duration = plan.Duration,
            Next = next is null ? null : new NextStep(next.At, next.Command),
            Paths = [.. (status?.Links ?? []).Select(l => new PathState(l.Path, l.Condition, l.Path == _workingPath, l.UpPackets, l.DownPackets))],
            Flows = [.. (status?.Flows ?? []).Select(f => new FlowState(
                f.Flow, f.Sent, f.Received, TimeSpan.FromTicks(f.SilenceNs / 100), TimeSpan.FromTicks(f.LongestSilenceNs / 100)))],
        };
    }
}
