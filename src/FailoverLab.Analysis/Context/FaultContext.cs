namespace FailoverLab.Analysis;

/// <summary>A step that broke or restored something.</summary>
/// <param name="Step">Step name.</param>
/// <param name="CommandNs">When it was commanded, ns since the Unix epoch.</param>
/// <param name="AcknowledgedNs">When it was acknowledged; absent when it never was.</param>
/// <param name="IsRestore">Whether it put things right again.</param>
public sealed record FaultContext(string Step, long CommandNs, long? AcknowledgedNs, bool IsRestore)
{
    /// <summary>Path it acts on; absent when it acts on no path.</summary>
    public string? Path { get; init; }

    /// <summary>Routing server it acts on; absent when it acts on none.</summary>
    public string? Router { get; init; }
}
