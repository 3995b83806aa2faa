namespace FailoverLab.Results;


/// <summary>Kinds of lines in <c>events.ndjson</c>.</summary>
public enum RunEventKind
{
    /// <summary>The run itself: armed, started, stopping, ended.</summary>
    Run,

    /// <summary>A step started, took effect, ended or failed.</summary>
    Step,

    /// <summary>The failover stack under test reported something.</summary>
    Stack,

    /// <summary>A process or node ended that was not asked to.</summary>
    NodeExit,

    /// <summary>The tool itself met a fault and went on.</summary>
    Fault,
}
