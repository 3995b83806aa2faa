namespace FailoverLab.Stack;

/// <summary>What a router reports of itself. Written by the packet loop, read by the reporter.</summary>
internal sealed class RouterLoad
{
    private long _sentBytes;
    private long _sentPackets;
    private long _receivedPackets;

    public int ActiveTunnels { get; set; }

    public long SentBytes => Volatile.Read(ref _sentBytes);

    public long SentPackets => Volatile.Read(ref _sentPackets);

    public long ReceivedPackets => Volatile.Read(ref _receivedPackets);

    public void Sent(int bytes, int packets)
    {
        Volatile.Write(ref _sentBytes, _sentBytes + bytes);
        Volatile.Write(ref _sentPackets, _sentPackets + packets);
    }

    public void Received() => Volatile.Write(ref _receivedPackets, _receivedPackets + 1);
}
