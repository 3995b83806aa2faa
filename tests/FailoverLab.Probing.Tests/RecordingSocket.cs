using System.Net;
using FailoverLab.Dataplane;
using FailoverLab.Packets;

namespace FailoverLab.Probing.Tests;

/// <summary>A socket that keeps the probes sent through it, may refuse them or take time, and hands out datagrams put into it.</summary>
internal sealed class RecordingSocket(IClock clock) : IDatagramSocket
{
    private readonly Queue<byte[]> _waiting = new();
    private readonly byte[] _last = new byte[2048];

    public List<(long AtNs, ProbeHeader Header, int Length)> Sent { get; } = new(100_000);

    /// <summary>What was sent last.</summary>
    public ReadOnlySpan<byte> LastPayload => _last.AsSpan(0, Sent[^1].Length);

    public Func<long, SendOutcome> Outcome { get; set; } = _ => SendOutcome.Sent;

    public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Parse("192.0.2.2"), 5001);

    public bool HasWaiting => _waiting.Count > 0;

    public void Put(byte[] datagram) => _waiting.Enqueue(datagram);

    public SendOutcome Send(ReadOnlySpan<byte> payload, in DatagramAddress destination)
    {
        ProbeHeader.TryRead(payload, out var header);
        payload.CopyTo(_last);
        Sent.Add((clock.MonotonicNs, header, payload.Length));
        return Outcome(clock.MonotonicNs);
    }

    public bool TryReceive(Span<byte> buffer, out DatagramAddress source, out int length)
    {
        (source, length) = (default, 0);
        if (!_waiting.TryDequeue(out var datagram))
        {
            return false;
        }

        datagram.CopyTo(buffer);
        length = datagram.Length;
        return true;
    }

    public void Dispose()
    {
    }
}
