using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Emulator;

namespace FailoverLab.EmbeddedLab;

/// <summary>A socket that sends each packet into the path the gauge's switch names at that moment, whatever destination it is given.</summary>
internal sealed class GaugeSocket(IDatagramSocket socket, IReadOnlyList<DatagramAddress> targets, GaugeSwitch gauge, IClock clock) : IDatagramSocket
{
    public IPEndPoint LocalEndPoint => socket.LocalEndPoint;

    public SendOutcome Send(ReadOnlySpan<byte> payload, in DatagramAddress destination) =>
        socket.Send(payload, targets[gauge.TargetAt(clock.RealtimeNs)]);

    public bool TryReceive(Span<byte> buffer, out DatagramAddress source, out int length) => socket.TryReceive(buffer, out source, out length);

    // The socket is its owner's to close.
    public void Dispose()
    {
    }
}
