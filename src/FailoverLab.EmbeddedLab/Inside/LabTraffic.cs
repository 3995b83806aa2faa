using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Scenarios;

namespace FailoverLab.EmbeddedLab;

internal sealed class LabTraffic(LabNetwork network, IClock clock) : IDisposable
{
    public void Arm(TrafficStart start) { }
    public void Start(TrafficStart start, long at) { }
    public void Stop(string host) { }
    public void StopAll() { }
    public IReadOnlyList<FlowStatus> Status() => [];
    public void Dispose() { _ = network; _ = clock; }
}
