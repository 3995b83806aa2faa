namespace FailoverLab.Analysis;

/// <summary>What became of one probe in one opaque flow.</summary>
internal struct CarrierStep
{
    /// <summary>Whether the flow went this way.</summary>
    public bool IsOn;

    /// <summary>The packet it is; -1 = none.</summary>
    public int Packet;

    /// <summary>Stamp of the latest packet of the flow here, ns since the Unix epoch; the smallest number where there is none.</summary>
    public long LastNs;

    /// <summary>How much likelier its candidates are as the probe than as other traffic, summed up.</summary>
    public double Ratio;

    /// <summary>Packets it could be.</summary>
    public int Candidates;

    /// <summary>Whether another packet fits nearly as well.</summary>
    public bool IsAmbiguous;
}
