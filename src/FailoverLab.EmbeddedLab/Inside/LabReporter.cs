using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Results;

namespace FailoverLab.EmbeddedLab;

/// <summary>Writes the lab process's answers and events, one line each; from any thread.</summary>
internal sealed class LabReporter(TextWriter output, IClock clock)
{
    private readonly Lock _gate = new();

    public void Answer(LabReply reply) => Write(reply);

    public void Event(RunEvent item) => Write(new LabReply { Event = item });

    public void Status(LiveStatus status) => Write(new LabReply { Status = status });

    /// <summary>Something of the tool's own went wrong and the run goes on.</summary>
    public void Fault(string host, string text) =>
        Event(new RunEvent { AtNs = clock.RealtimeNs, Kind = RunEventKind.Fault, Host = host, Text = text });

    private void Write(LabReply reply)
    {
        var line = LabWire.Write(reply);
        lock (_gate)
        {
            try
            {
                output.WriteLine(line);
                output.Flush();
            }
            catch (IOException)
            {
                // The program is gone; the end of input says so to the main loop.
            }
        }
    }
}
