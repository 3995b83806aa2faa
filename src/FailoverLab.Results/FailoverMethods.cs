namespace FailoverLab.Results;


/// <summary>Failover time by the methods of RFC 6412/6413 and RFC 6414/6894; a method that cannot be applied is absent.</summary>
public sealed record FailoverMethods
{
    /// <summary>Packets lost over the offered load (RFC 6412 section 3.5.2).</summary>
    public MeasuredTime? LossDerived { get; init; }

    /// <summary>Fault to first forwarding on the new path, by rate (RFC 6412 section 3.5.1).</summary>
    public MeasuredTime? RateDerivedFirst { get; init; }

    /// <summary>Fault to full forwarding, by rate (RFC 6412 section 3.5.1).</summary>
    public MeasuredTime? RateDerivedFull { get; init; }

    /// <summary>Packets lost over the offered load of this flow alone (RFC 6412 section 3.5.3).</summary>
    public MeasuredTime? RouteSpecificLossDerived { get; init; }

    /// <summary>Time between the last packet before and the first after, on the receiver's clock (RFC 6414 TBLM).</summary>
    public MeasuredTime? TimeBasedLoss { get; init; }

    /// <summary>Packets lost over the offered rate (RFC 6414 PLBM).</summary>
    public MeasuredTime? PacketLossBased { get; init; }

    /// <summary>Difference of the send stamps in the packets (RFC 6414 TBM).</summary>
    public MeasuredTime? TimestampBased { get; init; }
}
