using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

internal sealed class LabLinks : IDisposable
{
    public TimeSpan LongestDelay => TimeSpan.Zero;
    public static LabLinks Start(RunPlan plan, LabNetwork network, LabReporter reporter, IClock clock) => new();
    public long Apply(LinkChangeStep change) => 0;
    public IReadOnlyList<LinkStatus> Status() => [];
    public void Dispose() { }
}
