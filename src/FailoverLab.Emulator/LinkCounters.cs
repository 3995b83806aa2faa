namespace FailoverLab.Emulator;

/// <summary>What became of the packets of one direction since the link started.</summary>
public readonly record struct LinkCounters
{
    /// <summary>Packets that came out.</summary>
    public long Forwarded { get; init; }

    /// <summary>Bytes of frame that came out.</summary>
    public long ForwardedBytes { get; init; }

    /// <summary>Packets lost at random (<see cref="LinkImpairments.Loss"/>).</summary>
    public long DroppedByLoss { get; init; }

    /// <summary>Packets lost by the pattern (<see cref="LinkImpairments.LossPattern"/>).</summary>
    public long DroppedByPattern { get; init; }

    /// <summary>Packets lost by handovers and obstructions (<see cref="LinkImpairments.Slots"/>).</summary>
    public long DroppedBySlots { get; init; }

    /// <summary>Packets longer than the MTU (<see cref="LinkImpairments.Mtu"/>).</summary>
    public long DroppedByMtu { get; init; }

    /// <summary>Packets that vanished (<see cref="LinkImpairments.Drop"/>).</summary>
    public long DroppedByDrop { get; init; }

    /// <summary>Packets the bottleneck's queue had no room for (<see cref="LinkImpairments.QueueLimit"/> and its companions).</summary>
    public long DroppedByQueue { get; init; }

    /// <summary>Packets CoDel dropped at the head of the bottleneck's queue (<see cref="QueueDiscipline.CoDel"/>).</summary>
    public long DroppedByCoDel { get; init; }

    /// <summary>Packets that met a link that was down, or were inside when it went down (<see cref="LinkImpairments.IsUp"/>).</summary>
    public long DroppedByDown { get; init; }

    /// <summary>Packets the emulator itself had no room for: more inside than it has slots, or longer than a slot. A measurement with any is void.</summary>
    public long DroppedByCapacity { get; init; }

    /// <summary>Packets that came out twice; the second copy counts as forwarded too.</summary>
    public long Duplicated { get; init; }

    /// <summary>Packets with a bit flipped.</summary>
    public long Corrupted { get; init; }

    /// <summary>Packets that skipped the delay.</summary>
    public long Reordered { get; init; }

    /// <summary>For how long a line that was sending at its rate stood still because the machine did, ns; always 0 in virtual time.</summary>
    public long StoodStillNs { get; init; }

    /// <summary>Packets and copies inside now.</summary>
    public int Inside { get; init; }
}
