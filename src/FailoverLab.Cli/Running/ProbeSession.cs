using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Probing;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>Probe flows of one host of a real lab: sockets are opened first, then the one who leads the run is told, then packets go or come until it is over.</summary>
/// <param name="host">The host, whose flows are sent or received.</param>
/// <param name="flows">Flows of the run.</param>
/// <param name="clock">Keeps the schedule.</param>
/// <param name="output">Takes one line of JSON when ready, and one for each flow at the end.</param>
internal sealed class ProbeSession(string host, IReadOnlyList<FlowPlan> flows, IClock clock, TextWriter output) : IDisposable
{
    private readonly List<UdpSocket> _sockets = [];

    /// <summary>Sends from the first line of the input on, until canceled.</summary>
    /// <exception cref="LinuxException">A socket was refused.</exception>
    public void Send(TextReader gate, CancellationToken cancel)
    {
        var own = flows.Where(f => f.From == host).ToList();
        var probes = own
            .Select(f => new ProbeFlow(f.Id, Open(f.Source, f.Port), DatagramAddress.From(new IPEndPoint(f.Destination, f.Port)), f.Interval, f.Size, f.IsSizeCoded))
            .ToList();
        Say("""{"event":"armed"}""");
        try
        {
            if (gate.ReadLineAsync(cancel).AsTask().GetAwaiter().GetResult() is null)
            {
                return;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        var sender = ProbeSender.Start(host, probes, clock.MonotonicNs, clock, static () => ProcessControl.TryRealtimePriority(10));
        cancel.WaitHandle.WaitOne();
        sender.Dispose();
        foreach (var (flow, sent) in own.Zip(sender.Snapshot.Flows))
        {
            Say($$"""{"event":"sent","flow":{{flow.Id}},"packets":{{sent.Sent}}}""");
        }
    }

    /// <summary>Receives until canceled.</summary>
    /// <exception cref="LinuxException">A socket was refused.</exception>
    public void Receive(CancellationToken cancel)
    {
        var own = flows.Where(f => f.To == host).ToList();
        List<UdpSocket> sockets = [.. own.Select(f => Open(f.Destination, f.Port))];
        var receiver = ProbeReceiver.Start(host, sockets, new PollSet([.. sockets]), [.. own.Select(f => f.Id)], clock);
        Say("""{"event":"armed"}""");
        cancel.WaitHandle.WaitOne();
        receiver.Dispose();
        foreach (var flow in receiver.Snapshot.Flows)
        {
            Say($$"""{"event":"received","flow":{{flow.Id}},"packets":{{flow.Received}}}""");
        }
    }

    public void Dispose() => _sockets.ForEach(s => s.Dispose());

    private UdpSocket Open(IPAddress address, int port)
    {
        var socket = UdpSocket.Bind(new IPEndPoint(address, port));
        _sockets.Add(socket);
        return socket;
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }
}
