namespace FailoverLab.Scenarios;

/// <summary>Starts captures on the host's interfaces.</summary>
/// <param name="Interfaces">Interface names on the step's host; each becomes <c>captures/&lt;host&gt;.&lt;interface&gt;.pcapng</c>.</param>
/// <param name="SnapLength">Bytes kept of each packet; 64..65535.</param>
public sealed record CaptureStart(IReadOnlyList<string> Interfaces, int SnapLength) : StepAction;
