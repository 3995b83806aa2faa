namespace FailoverLab.Emulator;

/// <summary>
/// How much waited at the bottleneck at an instant that may lie behind what was served meanwhile: a frame may be read from the kernel
/// after others were let out that still waited when it arrived. Keeps those until an arrival is later than their turn.
/// </summary>
internal sealed class BacklogLedger
{
    private readonly EntryRing _served = new();
    private long _servedBytes;

    /// <summary>Notes that a packet's turn came, in <see cref="PacketEntry.DueNs"/>.</summary>
    internal void Serve(PacketEntry packet, long turnNs)
    {
        packet.DueNs = turnNs;
        _served.Add(packet);
        _servedBytes += packet.Length;
    }

    /// <summary>What was served but still waited at an arrival; later arrivals only, from now on.</summary>
    internal (int Packets, long Bytes) At(long arrivalNs)
    {
        while (_served.Count > 0 && _served.First.DueNs <= arrivalNs)
        {
            _servedBytes -= _served.Take().Length;
        }

        return (_served.Count, _servedBytes);
    }

    internal void Clear()
    {
        while (_served.Count > 0)
        {
            _served.Take();
        }

        _servedBytes = 0;
    }
}
