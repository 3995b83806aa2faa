namespace FailoverLab.Hosts;

/// <summary>One step could not be performed; its host and the run go on.</summary>
public sealed class StepFailedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was attempted, what was seen, what to do.</param>
    public StepFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    public StepFailedException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>Makes an exception without a message.</summary>
    public StepFailedException()
    {
    }
}
