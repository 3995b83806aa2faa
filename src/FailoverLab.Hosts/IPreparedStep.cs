namespace FailoverLab.Hosts;

/// <summary>A step that lies ready. Either it is performed or called off, once.</summary>
public interface IPreparedStep
{
    /// <summary>Called at the instant; returns when the step has taken effect and was read back.</summary>
    /// <returns>When that was.</returns>
    /// <exception cref="StepFailedException">It was not performed as asked; the run goes on.</exception>
    StepAct Perform();

    /// <summary>Called in place of <see cref="Perform"/> when the run ends before the instant: nothing happens any more when this returns.</summary>
    void CallOff();
}
