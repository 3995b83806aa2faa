namespace FailoverLab.EmbeddedLab;

/// <summary>Requests to the lab process; each is answered once.</summary>
internal enum LabRequestKind
{
    /// <summary>Build the topology and start the WAN links.</summary>
    Up,

    /// <summary>Prepare all steps.</summary>
    Arm,

    /// <summary>Start the plan at an instant.</summary>
    Fire,

    /// <summary>End what runs, close captures.</summary>
    Stop,

    /// <summary>Build the gauge's topology, run the gauge, close captures. In a lab process of its own.</summary>
    Gauge,
}
