namespace FailoverLab.Hosts;

/// <summary>What came of an act that lay ready.</summary>
/// <param name="Result">What its programs said, and the status of the last that was run.</param>
/// <param name="At">When it was, as the host stamped it.</param>
public sealed record ActResult(ShellResult Result, LinkAct At);
