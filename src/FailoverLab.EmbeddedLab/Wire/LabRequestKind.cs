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
}
