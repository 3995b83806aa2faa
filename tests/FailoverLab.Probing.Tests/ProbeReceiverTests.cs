using FailoverLab.Dataplane;
using FailoverLab.Packets;
using FailoverLab.Testing;

namespace FailoverLab.Probing.Tests;

internal sealed class ProbeReceiverTests
{
    [Test]
    public void Dispose_DatagramsWaiting_AreCountedFirst()
    {
        var clock = new VirtualClock();
        var socket = new RecordingSocket(clock);
        foreach (var sequence in (ulong[])[0, 1, 5, 3])
        {
            socket.Put(Probe(7, sequence));
        }

        socket.Put(Probe(99, 0));
        socket.Put([1, 2, 3]);
        var receiver = ProbeReceiver.Start("test", [socket], new Readiness(socket), [7, 8], clock);
        receiver.Dispose();
        var snapshot = receiver.Snapshot;
        Assert.That((snapshot.Flows[0].Received, snapshot.Flows[0].HighestSequence), Is.EqualTo((4, 5)));
        Assert.That(snapshot.Flows[1], Is.EqualTo(new ReceivedFlow(8, 0, null, null, 0)));
        Assert.That(snapshot.Foreign, Is.EqualTo(2));
    }

    [Test]
    public void With_ArrivalsApart_KeepsTheLongestSilence()
    {
        var flow = new ReceivedFlow(1, 0, null, null, 0);
        foreach (var (sequence, atNs) in (ReadOnlySpan<(ulong, long)>)[(0, 1000), (1, 1100), (2, 5100), (3, 5200)])
        {
            flow = flow.With(sequence, atNs);
        }

        Assert.That(flow, Is.EqualTo(new ReceivedFlow(1, 4, 3, 5200, 4000)));
    }

    private static byte[] Probe(uint flow, ulong sequence)
    {
        var payload = new byte[100];
        new ProbeHeader(flow, sequence, 1, 0).Write(payload);
        return payload;
    }

    private sealed class Readiness(RecordingSocket socket) : IReadiness
    {
        public bool Wait(long deadlineMonotonicNs) => socket.HasWaiting;

        public bool IsReadable(int index) => true;
    }
}
