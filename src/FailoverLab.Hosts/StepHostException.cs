namespace FailoverLab.Hosts;

/// <summary>A place cannot take part in the run; nothing it holds is usable any more.</summary>
public class StepHostException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was attempted, what was seen, what to do.</param>
    public StepHostException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    public StepHostException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>Makes an exception without a message.</summary>
    public StepHostException()
    {
    }
}
