namespace FailoverLab.Scenarios;

/// <summary>What a trace's time counts from.</summary>
public enum TraceClock
{
    /// <summary>The instant the trace is set on the link.</summary>
    Start,

    /// <summary>The Unix epoch: the trace's place in its period is the same on every link and every host.</summary>
    Wall,
}
