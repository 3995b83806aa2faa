using FailoverLab.Packets;

namespace FailoverLab.Analysis;

/// <summary>The loop over all packets of a reader: frames become sightings of numbered flows. No packet allocates. One thread at a time.</summary>
/// <param name="reader">Reads the packets.</param>
/// <param name="flows">Numbers the flows; its own.</param>
/// <param name="describe">Point and clock of an interface by its name.</param>
internal sealed class SightingReader(CaptureReader reader, FlowIndex flows, Func<string?, SightingReader.Place> describe)
{
    private Place[] _places = [];
    private int _met;

    /// <summary>Reads the packets.</summary>
    public CaptureReader Reader => reader;

    /// <summary>Numbers the flows.</summary>
    public FlowIndex Flows => flows;

    /// <summary>What was known of the file when this began to read it.</summary>
    public int Epoch { get; } = reader.Epoch;

    /// <summary>For a reader of parts: the stream's numbers of its flows, as far as they are known. Whoever puts the parts together writes here.</summary>
    public int[] Numbers { get; set; } = [];

    /// <summary>The places of the interfaces met so far.</summary>
    public ReadOnlySpan<Place> Places => _places.AsSpan(0, _met);

    /// <summary>Reads on to the reader's limit, or to the end.</summary>
    /// <exception cref="IOException">A fault of the disk.</exception>
    public void ReadOn(SightingBatch batch)
    {
        while (reader.TryReadBatch(out var packets))
        {
            // Nothing can be said of when they were there, so that they are no part of any flow.
            if (reader.IsUnstamped)
            {
                batch.Stamps.CountUnstamped(packets.Count);
                continue;
            }

            var stamps = new StampRun(batch.Stamps);
            for (var i = ReadPlain(packets, 0, batch, ref stamps); i < packets.Count; i = ReadPlain(packets, i + 1, batch, ref stamps))
            {
                var packet = packets[i];
                ref readonly var at = ref Meet(packet.InterfaceIndex);
                var stamp = packet.StampNs - at.OffsetNs;
                stamps.Count(stamp);
                if (FrameDissector.TryReadPlainProbe(packet, out var probe, out var a, out var b)) Append(batch, flows.NumberOfProbe(probe), stamp, a, b, packet.OriginalLength, at.Point);
                else if (FrameDissector.TryRead(packet, out var key, out a, out b)) Append(batch, flows.NumberOf(key), stamp, a, b, packet.OriginalLength, at.Point);
            }

            stamps.Finish(packets.Count);
        }
    }

    /// <summary>
    /// Takes plain probes of known flows, in order of time, up to the first packet that is anything else. There is no call in its loop, so that all it needs
    /// stays in registers: nearly every packet of a probe run passes here.
    /// </summary>
    /// <returns>The packet not taken; their number where all were.</returns>
    private int ReadPlain(in PacketBatch packets, int from, SightingBatch batch, ref StampRun stamps)
    {
        if (from >= packets.Count) return packets.Count;
        var known = packets[from].InterfaceIndex;
        if ((uint)known >= (uint)_met) return from;
        var (offset, point) = (_places[known].OffsetNs, _places[known].Point);
        var probes = flows.Probes;
        var places = batch.Places;
        var (latest, last) = (stamps.LatestNs, stamps.LastNs);
        var i = from;
        for (; i < packets.Count; i++)
        {
            var packet = packets[i];
            var stamp = packet.StampNs - offset;
            if (packet.InterfaceIndex != known || stamp < latest) break;
            if (!FrameDissector.TryReadPlainProbe(packet, out var probe, out var a, out var b) || probe >= (uint)probes.Length) break;
            if (!places.TryTake(probes[(int)probe] - 1, out var place)) break;
            ref var sighting = ref places[place];
            (sighting.StampNs, sighting.A, sighting.B) = (stamp, a, b);
            (sighting.Length, sighting.Point) = (packet.OriginalLength, point);
            latest = last = stamp;
        }

        (stamps.LatestNs, stamps.LastNs) = (latest, last);
        return i;
    }

    /// <summary>The place of an interface, and of those before it.</summary>
    public ref readonly Place Meet(int index)
    {
        // A file may describe its many interfaces one by one, each before its first packet.
        if (index >= _places.Length) Array.Resize(ref _places, Math.Max(index + 1, 2 * _places.Length));
        for (; _met <= index; _met++) _places[_met] = describe(reader.Interfaces[_met].Name);
        return ref _places[index];
    }

    private static void Append(SightingBatch batch, int flow, long stampNs, ulong a, ulong b, int length, int point)
    {
        if (flow == FlowIndex.None)
        {
            batch.NotFollowed++;
            return;
        }

        ref var sighting = ref batch.Append(flow);
        (sighting.StampNs, sighting.A, sighting.B) = (stampNs, a, b);
        (sighting.Length, sighting.Point) = (length, point);
    }

    /// <summary>Where an interface is.</summary>
    /// <param name="Point">Its point.</param>
    /// <param name="OffsetNs">How far its clock is ahead of the reference.</param>
    internal readonly record struct Place(int Point, long OffsetNs);
}
